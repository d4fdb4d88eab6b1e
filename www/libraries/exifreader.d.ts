import * as ExifReader from 'exifreader';

export default ExifReader;
