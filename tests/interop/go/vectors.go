// Vectors verifies schema/vectors/tree with the Go checksum database's own libraries: what our notes, checkpoints, proofs
// and receipts say must be what golang.org/x/mod/sumdb/note and tlog say.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

var (
	folder string
	checks int
)

func must(ok bool, format string, args ...interface{}) {
	checks++
	if !ok {
		fmt.Printf("FAIL "+format+"\n", args...)
		os.Exit(1)
	}
}

func read(name string) string {
	text, err := os.ReadFile(filepath.Join(folder, name))
	must(err == nil, "%s: %v", name, err)
	return string(text)
}

// cosigner verifies type 0x04, which the library leaves to others (C2SP tlog-cosignature).
type cosigner struct {
	name string
	id   uint32
	key  ed25519.PublicKey
}

func (c *cosigner) Name() string    { return c.name }
func (c *cosigner) KeyHash() uint32 { return c.id }
func (c *cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	head := fmt.Sprintf("cosignature/v1\ntime %d\n", binary.BigEndian.Uint64(sig))
	return ed25519.Verify(c.key, append([]byte(head), msg...), sig[8:])
}

func newCosigner(vkey string) *cosigner {
	part := strings.SplitN(vkey, "+", 3)
	must(len(part) == 3, "vkey %q", vkey)
	typed, err := base64.StdEncoding.DecodeString(part[2])
	must(err == nil && len(typed) == 33 && typed[0] == 4, "vkey %q", vkey)
	sum := sha256.Sum256(append([]byte(part[0]+"\n"), typed...))
	must(hex.EncodeToString(sum[:4]) == part[1], "id of %q", vkey)
	return &cosigner{part[0], binary.BigEndian.Uint32(sum[:4]), typed[1:]}
}

func verifier(file string) note.Verifier {
	vkey := strings.TrimSuffix(read(file), "\n")
	if v, err := note.NewVerifier(vkey); err == nil {
		checks++
		return v
	}
	return newCosigner(vkey)
}

// open wants every one of the keys to have signed, and no byte to matter less than another.
func open(file string, keys ...string) string {
	text := read(file)
	var known []note.Verifier
	for _, key := range keys {
		known = append(known, verifier(key))
	}
	n, err := note.Open([]byte(text), note.VerifierList(known...))
	must(err == nil && len(n.Sigs) == len(keys), "%s: %v", file, err)
	changed := []byte(text)
	changed[0] ^= 1
	_, err = note.Open(changed, note.VerifierList(known...))
	must(err != nil, "%s changed, and Go took it", file)
	return n.Text
}

func notes() {
	open("note.txt", "log.vkey")
	open("published/signed-note.txt", "published/signed-note.vkey")
	open("published/x-mod.txt", "published/x-mod.vkey")
	open("published/arche2025h1.txt", "published/arche2025h1.vkey", "published/remora.vkey")
	text := open("checkpoint.txt", "log.vkey")
	must(open("cosigned.txt", "log.vkey", "witness.vkey") == text, "cosigned.txt has another text")

	seed := bytes.Repeat([]byte{0x11}, 32)
	vkey := strings.SplitN(read("log.vkey"), "+", 3)
	secret := "PRIVATE+KEY+" + vkey[0] + "+" + vkey[1] + "+" + base64.StdEncoding.EncodeToString(append([]byte{1}, seed...))
	signer, err := note.NewSigner(secret)
	must(err == nil, "signer: %v", err)
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	must(err == nil && string(signed) == read("checkpoint.txt"), "Go signs the checkpoint in another way: %v", err)
}

// tree holds the hashes as the library numbers them.
type tree []tlog.Hash

func (t tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, at := range indexes {
		out[i] = t[at]
	}
	return out, nil
}

func newTree(size int64) tree {
	var t tree
	for i := int64(0); i < size; i++ {
		more, err := tlog.StoredHashes(i, []byte(strconv.FormatInt(i, 10)), t)
		must(err == nil, "leaf %d: %v", i, err)
		t = append(t, more...)
	}
	return t
}

func (t tree) root(size int64) tlog.Hash {
	h, err := tlog.TreeHash(size, t)
	must(err == nil, "root of %d: %v", size, err)
	return h
}

func fromHex(text string) (h tlog.Hash) {
	b, err := hex.DecodeString(text)
	must(err == nil && len(b) == len(h), "hash %q", text)
	copy(h[:], b)
	return h
}

func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	must(err == nil, "number %q", text)
	return n
}

func proofs(t tree) {
	for _, line := range strings.Split(strings.TrimSuffix(read("roots.txt"), "\n"), "\n") {
		f := strings.Fields(line)
		if f[1] == "0" { // the library refuses it; RFC 6962 has the hash of nothing
			must(fromHex(f[2]) == sha256.Sum256(nil), "%s", line)
			continue
		}
		must(t.root(number(f[1])) == fromHex(f[2]), "%s", line)
	}
	for _, line := range strings.Split(strings.TrimSuffix(read("proofs.txt"), "\n"), "\n") {
		f := strings.Fields(line)
		first, size := number(f[1]), number(f[2])
		var path []tlog.Hash
		for _, h := range f[3:] {
			path = append(path, fromHex(h))
		}
		var err, other error
		if f[0] == "inclusion" {
			leaf := tlog.RecordHash([]byte(f[1]))
			err = tlog.CheckRecord(path, size, t.root(size), first, leaf)
			other = tlog.CheckRecord(path, size, t.root(size), first, tlog.RecordHash([]byte("x")))
		} else {
			err = tlog.CheckTree(path, size, t.root(size), first, t.root(first))
			other = tlog.CheckTree(path, size, t.root(size), first, t.root(first+1))
		}
		must(err == nil, "%.40s: %v", line, err)
		must(other != nil, "%.40s: Go took it for another", line)
	}
}

// receipt goes through a C2SP tlog-proof as somebody would who has only its text and the library.
func receipt(file string) {
	head, signed, found := strings.Cut(read(file), "\n\n")
	must(found, "%s has no empty line", file)
	line := strings.Split(head, "\n")
	must(line[0] == "c2sp.org/tlog-proof@v1", "%s: %q", file, line[0])
	leaf, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(line[1], "extra "))
	must(err == nil, "%s: %v", file, err)
	index := number(strings.TrimPrefix(line[2], "index "))
	var path []tlog.Hash
	for _, text := range line[3:] {
		h, err := tlog.ParseHash(text)
		must(err == nil, "%s: %v", file, err)
		path = append(path, h)
	}
	n, err := note.Open([]byte(signed), note.VerifierList(verifier("log.vkey")))
	must(err == nil, "%s: %v", file, err)
	checkpoint := strings.Split(n.Text, "\n")
	root, err := tlog.ParseHash(checkpoint[2])
	must(err == nil, "%s: %v", file, err)
	err = tlog.CheckRecord(path, number(checkpoint[1]), root, index, tlog.RecordHash(leaf))
	must(err == nil, "%s: %v", file, err)
}

func paths() {
	for _, row := range []struct {
		ours  string
		level int
		index int64
		width int
	}{
		{"tile/0/x001/x234/067", 0, 1234067, 256},
		{"tile/1/x001/000.p/1", 1, 1000, 1},
		{"tile/2/000.p/255", 2, 0, 255},
	} {
		t := tlog.Tile{H: 8, L: row.level, N: row.index, W: row.width}
		must(strings.Replace(t.Path(), "tile/8/", "tile/", 1) == row.ours, "%s: %s", row.ours, t.Path())
	}
}

func main() {
	folder = os.Args[1]
	notes()
	proofs(newTree(65537))
	receipt("logged.tlog-proof")
	receipt("witnessed.tlog-proof")
	paths()
	fmt.Println("golang.org/x/mod agrees with the vectors,", checks, "checks")
}
