import '../trusted-types.js';
