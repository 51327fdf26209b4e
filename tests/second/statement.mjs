// A second reader of schema/vectors/record/*.json, from FORMAT.md and with nothing but Node (18 or later).
// Usage: node tests/second/statement.mjs [FILE.json ...]; without a file all vectors. Exit status 1 on a difference.
import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../../schema/vectors/record');
const groups = ['who', 'why', 'authority', 'subject', 'intrusion', 'how', 'result'];
const layoutSlots = ['seed', 'origin', 'total', ...groups.map((g) => 'n_' + g)];
const sha = (...parts) => parts.reduce((h, p) => h.update(p), createHash('sha256')).digest();
const digest = (...parts) => sha(...parts).toString('base64url');
const hex = (text) => Buffer.from(text, 'hex');
const b64u = (bytes) => Buffer.from(bytes).toString('base64url');
const be = (value, bytes) => hex(BigInt(value).toString(16).padStart(2 * bytes, '0'));
let place;
function same(got, wanted, what) {
        if (got !== wanted) throw new Error(`${place}: ${what}: ${got} instead of ${wanted}`);
}

function checkKey(key) {
        same(digest(`{"crv":"Ed25519","kty":"OKP","x":"${key.public}"}`), key.kid, 'kid');
        const jwk = { kty: 'OKP', crv: 'Ed25519', x: key.public };
        const der = Buffer.concat([hex('302e020100300506032b657004220420'), hex(key.seed)]);
        const secret = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
        same(createPublicKey(secret).export({ format: 'jwk' }).x, key.public, 'public key');
        return { public: createPublicKey({ key: jwk, format: 'jwk' }), secret };
}

// The payload, written again from the inputs.
function payloadOf(v) {
        const s = v.statement;
        return JSON.stringify({ v: 1, log: s.log, kind: s.kind, jti: s.jti, iat: s.iat, n: String(s.n), prev: s.prev,
                refs: s.refs, ...s.claims, _sd_alg: 'sha-256', _sd: Object.values(v.digests).sort() });
}

function checkJws(v, jws) {
        const key = checkKey(v.key);
        const [header, payload, sig] = jws.split('.');
        const text = b64u(`{"alg":"Ed25519","typ":"enquiry+sd-jwt","kid":"${v.key.kid}"}`) + '.' + b64u(payloadOf(v));
        same(`${header}.${payload}`, text, 'header and payload');
        same(verify(null, Buffer.from(text), key.public, Buffer.from(sig, 'base64url')), true, 'signature');
        same(b64u(sign(null, Buffer.from(text), key.secret)), sig, 'signature made again');
        same(digest(jws), v.st, 'st');
}

const disclosure = (salt, name, value) => b64u(`["${b64u(hex(salt))}","${name}",${value}]`);
const sd = (digests) => `{"_sd":[${digests.map((d) => `"${d}"`).join(',')}]}`;

// All disclosures in order, made from the inputs; the digests of the groups must be those in the file.
function disclosuresOf(v) {
        const { body } = v;
        const letters = body.origin.split('.');
        const fields = [...body.fields];
        const counts = letters.map((l) => [...l].filter((c) => c !== '-').length);
        const total = counts.reduce((a, b) => a + b, 0);
        same(total, fields.length, 'number of fields');
        same(letters.length, groups.length, 'number of groups');
        const values = [`"${b64u(hex(body.seed))}"`, `"${body.origin}"`, total, ...counts];
        const slots = layoutSlots.map((name, i) => disclosure(body.layout_salts[name], name, values[i]));
        const layout = disclosure(body.group_salts.layout, 'layout', sd(slots.map((d) => digest(d))));
        same(digest(layout), v.digests.layout, 'digest of layout');
        const out = [layout, ...slots];
        groups.forEach((group, g) => {
                const here = [];
                const digests = [...letters[g]].map((letter, slot) => {
                        if (letter === '-')
                                return digest('enquiry-decoy-v1', hex(body.seed), group, Buffer.from([slot]));
                        const f = fields.shift();
                        same(f.group, group, `group of ${f.name}`);
                        same(f.origin, letter, `origin of ${f.name}`);
                        here.push(disclosure(f.salt, f.name, f.value));
                        same(digest(here.at(-1)), f.digest, `digest of ${f.name}`);
                        return f.digest;
                });
                const whole = disclosure(body.group_salts[group], group, sd(digests));
                same(digest(whole), v.digests[group], `digest of ${group}`);
                out.push(whole, ...here);
        });
        return out;
}

// FORMAT.md section 10, before sealing; `erased` is the name of a field or undefined.
function checkRest(v, rest, erased) {
        const { body } = v;
        const kept = body.fields.filter((f) => f.name !== erased);
        const gone = body.fields.filter((f) => f.name === erased);
        const content = kept.map((f) => {
                const value = Buffer.from(f.value);
                return Buffer.concat([be(f.number, 1), hex(f.salt), be(value.length, 2), value]);
        });
        same(Buffer.concat(content).toString('hex'), rest.content, 'content');
        const salts = [...groups, 'layout'].map((g) => body.group_salts[g]).concat(layoutSlots.map((s) => body.layout_salts[s]));
        const residue = [be(1, 1), hex(body.seed), hex(salts.join('')), be(body.origin.length, 2), Buffer.from(body.origin),
                be(gone.length, 1), ...gone.flatMap((f) => [be(f.number, 1), Buffer.from(f.digest, 'base64url')])];
        same(Buffer.concat(residue).toString('hex'), rest.residue, 'residue');
}

function checkLeaf(leaf, jws) {
        same(JSON.stringify(JSON.parse(leaf.because)), leaf.because, 'because');
        const text = JSON.stringify({ v: 1, seq: String(leaf.seq), at: leaf.at, prev: leaf.prev, verdict: leaf.verdict,
                policy: leaf.policy, because: digest(b64u(leaf.because)), statement: jws });
        same(leaf.text, text, 'leaf');
        same(leaf.hash, digest(Buffer.from([0]), text), 'leaf hash');
}

// A receipt of entry 1 in a tree of two; key is the log's.
function checkReceipt(receipt, leaf, key) {
        const [proof, text, signature] = receipt.split('\n\n');
        const [head, extra, index, path] = proof.split('\n');
        const [origin, size, root] = text.split('\n');
        same([head, index, size].join(' '), 'c2sp.org/tlog-proof@v1 index 1 2', 'receipt');
        same(Buffer.from(extra.slice('extra '.length), 'base64').toString(), leaf.text, 'leaf in the receipt');
        same(sha(Buffer.from([1]), Buffer.from(path, 'base64'), Buffer.from(leaf.hash, 'base64url')).toString('base64'), root, 'root');
        const [dash, name, packed] = signature.trim().split(' ');
        const raw = Buffer.from(packed, 'base64');
        const x = Buffer.from(key.public, 'base64url');
        same([dash, name].join(' '), `\u2014 ${origin}`, 'signature line');
        same(raw.subarray(0, 4).toString('hex'), sha(`${origin}\n`, Buffer.from([1]), x).subarray(0, 4).toString('hex'), 'key id');
        same(verify(null, Buffer.from(text + '\n'), checkKey(key).public, raw.subarray(4)), true, 'signature of the log');
}

try {
        const given = process.argv.slice(2);
        const files = given.length ? given : readdirSync(folder).filter((f) => f.endsWith('.json')).map((f) => join(folder, f));
        const all = files.map((file) => ({ file, v: JSON.parse(readFileSync(file, 'utf8')) }));
        const bySeq = new Map(all.map(({ v }) => [v.leaf.seq, v]));
        for (const { file, v } of all) {
                place = basename(file);
                const [jws, ...disclosures] = v.submission.split('~');
                checkJws(v, jws);
                same(disclosures.join('~'), disclosuresOf(v).join('~') + '~', 'disclosures');
                checkRest(v, v);
                if (v.erased) checkRest(v, v.erased, v.erased.field);
                checkLeaf(v.leaf, jws);
                const before = bySeq.get(v.leaf.seq - 1);
                if (before) same(v.leaf.prev, before.leaf.hash, 'prev');
                const genesis = bySeq.get(0);
                if (genesis && v !== genesis)
                        same(v.statement.log.split('#')[1], b64u(Buffer.from(genesis.leaf.hash, 'base64url').subarray(0, 16)), 'log');
                if (v.receipt && genesis) checkReceipt(v.receipt, v.leaf, genesis.key);
        }
        if (!all.length) throw new Error('no vectors');
        console.log(`${all.length} vectors agree`);
} catch (e) {
        console.error(e.message);
        process.exitCode = 1;
}
