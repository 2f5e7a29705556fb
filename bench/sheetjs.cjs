// sheetjs - reads a workbook with SheetJS and counts its cells: node sheetjs.cjs FOLDER-WITH-XLSX FILE
const XLSX = require(process.argv[2] + "/node_modules/xlsx");
const book = XLSX.readFile(process.argv[3], { dense: true });
const sheet = book.Sheets[book.SheetNames[0]];
let cells = 0;
for (const row of sheet["!data"] || sheet) for (const cell of row || []) cells += cell !== undefined && cell !== null;
const used = process.cpuUsage();
console.log(((used.user + used.system) / 1e6).toFixed(2), Math.round(process.resourceUsage().maxRSS / 1024));
if (cells === 0) process.exit(1);
