import Papa from 'papaparse';

export default Papa;
