// hostile - files that nobody should send, made by hand: archives that climb, swell or link, XML with entities, names that are paths.
import { deflateRawSync } from 'node:zlib';

const TABLE = Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});
const crc_of = (data) => {
  let crc = 0xffffffff;
  for (const byte of data) crc = TABLE[(crc ^ byte) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
};

// A zip of {name, data, mode, claims}; claims: the size that it says it has.
export function zip(entries) {
  const parts = [], heads = [];
  let at = 0;
  for (const { name, data, mode = 0o100644, claims } of entries) {
    const bytes = Buffer.from(data), packed = deflateRawSync(bytes), path = Buffer.from(name), crc = crc_of(bytes), size = claims ?? bytes.length;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0); local.writeUInt16LE(20, 4); local.writeUInt16LE(0x800, 6); local.writeUInt16LE(8, 8);
    local.writeUInt32LE(crc, 14); local.writeUInt32LE(packed.length, 18); local.writeUInt32LE(size, 22); local.writeUInt16LE(path.length, 26);
    const head = Buffer.alloc(46);
    head.writeUInt32LE(0x02014b50, 0); head.writeUInt16LE(0x031e, 4); head.writeUInt16LE(20, 6); head.writeUInt16LE(0x800, 8); head.writeUInt16LE(8, 10);
    head.writeUInt32LE(crc, 16); head.writeUInt32LE(packed.length, 20); head.writeUInt32LE(size, 24); head.writeUInt16LE(path.length, 28);
    head.writeUInt32LE((mode << 16) >>> 0, 38); head.writeUInt32LE(at, 42);
    parts.push(local, path, packed);
    heads.push(head, path);
    at += 30 + path.length + packed.length;
  }
  const directory = Buffer.concat(heads), end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0); end.writeUInt16LE(entries.length, 8); end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12); end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, directory, end]);
}

const SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
function workbook(dtd, cell) {
  return zip([
    { name: '[Content_Types].xml', data: '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>' },
    { name: '_rels/.rels', data: '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>' },
    { name: 'xl/workbook.xml', data: `<?xml version="1.0"?><workbook ${SHEET} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="名单" sheetId="1" r:id="rId1"/></sheets></workbook>` },
    { name: 'xl/_rels/workbook.xml.rels', data: '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>' },
    { name: 'xl/worksheets/sheet1.xml', data: `<?xml version="1.0"?>${dtd}<worksheet ${SHEET}><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>${cell}</t></is></c><c r="B1" t="inlineStr"><is><t>公民身份号码</t></is></c><c r="C1" t="inlineStr"><is><t>死亡时间</t></is></c></row></sheetData></worksheet>` },
  ]);
}

const HEADER = '姓名,性别,公民身份号码,死亡时间,行政村,数据来源\n';
const nested = (depth) => { let data = zip([{ name: 'a.csv', data: HEADER }]); while (depth-- > 0) data = zip([{ name: 'a.zip', data }]); return data; };
let bomb;
const zeros = () => { bomb ??= zip([{ name: '死亡.csv', data: Buffer.alloc(300 << 20) }]); return bomb; };

// {name, data}: each is to be refused or read as what it is, with a page that says so.
export const HOSTILE = [
  () => ({ name: '实体.xlsx', data: workbook('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', '&e;') }),
  () => ({ name: '笑.xlsx', data: workbook(`<!DOCTYPE x [<!ENTITY a "${'哈'.repeat(50)}">${'bcdefghij'.split('').map((c, i) => `<!ENTITY ${c} "${`&${'abcdefghij'[i]};`.repeat(10)}">`).join('')}]>`, '&j;') }),
  () => ({ name: '爬.zip', data: zip([{ name: '../../../../ledger.db', data: HEADER }, { name: '/etc/passwd', data: HEADER }, { name: 'C:\\x\\死亡.csv', data: HEADER }]) }),
  () => ({ name: '链.zip', data: zip([{ name: '死亡.csv', data: '/etc/passwd', mode: 0o120777 }]) }),
  () => ({ name: '弹.zip', data: zeros() }),
  () => ({ name: '弹.xlsx', data: zeros() }),
  () => ({ name: '谎.zip', data: zip([{ name: '死亡.csv', data: HEADER + 'x'.repeat(1 << 20), claims: 10 }]) }),
  () => ({ name: '深.zip', data: nested(40) }),
  () => ({ name: '多.zip', data: zip(Array.from({ length: 5000 }, (_, i) => ({ name: `${i}.csv`, data: '' }))) }),
  () => ({ name: '公式.csv', data: `${HEADER}=HYPERLINK("http://x";"甲"),男,140430195001010017,2020-02-01,=cmd|'/c calc'!A1,@SUM(1)\n` }),
  () => ({ name: '宽.csv', data: `${'列,'.repeat(20000)}\n` }),
  () => ({ name: '长.csv', data: `姓名,${'长'.repeat(400000)}\n` }),
  () => ({ name: '引.csv', data: `姓名,"${'没有终点\n'.repeat(50000)}` }),
  () => ({ name: '../../../../county/county.yaml', data: HEADER }),
  () => ({ name: '..\\..\\ledger.db', data: HEADER }),
  () => ({ name: `名${'长'.repeat(3000)}.csv`, data: HEADER }),
  () => ({ name: '\u202Evsc.exe', data: 'MZ\x90\x00' }),
  () => ({ name: '<img src=x onerror=alert(1)>.csv', data: HEADER }),
  () => ({ name: '空.csv', data: '' }),
  () => ({ name: '坏.xls', data: Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), Buffer.alloc(4000, 0xfe)]) }),
  () => ({ name: '半.xlsx', data: workbook('', '姓名').subarray(0, 700) }),
];
