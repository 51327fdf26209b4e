-- The tables of ledger.db, format 1 (FORMAT.md section 10). ledger/store/tables.c holds the same statements without the
-- comments; a test compares the two. STRICT throughout; a missing value is NULL.

PRAGMA application_id = 0x454e5144; -- "ENQD"
PRAGMA user_version = 1;

-- ---- Spine: append-only, no personal data. An export (`export --spine`) has these tables and nothing else.

-- Leaf: the bytes that are hashed; hash: SHA-256(0x00 || leaf).
CREATE TABLE entry (
        seq INTEGER PRIMARY KEY,
        leaf BLOB NOT NULL,
        hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

-- Roots of whole tiles of 256^level leaves, level 1 and up: what the tree needs and would otherwise make again.
CREATE TABLE tile_root (
        level INTEGER NOT NULL,
        idx INTEGER NOT NULL,
        hash BLOB NOT NULL CHECK (length(hash) = 32),
        PRIMARY KEY (level, idx)
) STRICT, WITHOUT ROWID;

-- Larger public texts by their SHA-256.
CREATE TABLE annex (
        hash BLOB PRIMARY KEY NOT NULL CHECK (length(hash) = 32),
        bytes BLOB NOT NULL
) STRICT;

-- Signed notes. kept_at: when thinning first saw the row, microseconds since 1970.
CREATE TABLE checkpoint (
        size INTEGER PRIMARY KEY,
        note BLOB NOT NULL,
        kept_at INTEGER
) STRICT;
CREATE INDEX checkpoint_kept ON checkpoint (kept_at);

-- Signature lines of witnesses on the checkpoint of that size.
CREATE TABLE cosignature (
        size INTEGER NOT NULL,
        line TEXT NOT NULL,
        PRIMARY KEY (size, line)
) STRICT, WITHOUT ROWID;

-- ---- Guards: not in an export. INSERT OR REPLACE removes a row without a DELETE trigger when recursive_triggers is off,
-- so each table refuses an insert that would meet a row.
CREATE TRIGGER entry_append BEFORE INSERT ON entry
WHEN NEW.seq IS NOT (SELECT ifnull(max(seq), -1) + 1 FROM entry)
BEGIN SELECT RAISE(ABORT, 'entry: not the next seq'); END;
CREATE TRIGGER entry_update BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'entry: append only'); END;
CREATE TRIGGER entry_delete BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'entry: append only'); END;
CREATE TRIGGER tile_root_append BEFORE INSERT ON tile_root
WHEN EXISTS (SELECT 1 FROM tile_root WHERE level = NEW.level AND idx = NEW.idx)
BEGIN SELECT RAISE(ABORT, 'tile_root: append only'); END;
CREATE TRIGGER tile_root_update BEFORE UPDATE ON tile_root
BEGIN SELECT RAISE(ABORT, 'tile_root: append only'); END;
CREATE TRIGGER tile_root_delete BEFORE DELETE ON tile_root
BEGIN SELECT RAISE(ABORT, 'tile_root: append only'); END;
CREATE TRIGGER annex_append BEFORE INSERT ON annex
WHEN EXISTS (SELECT 1 FROM annex WHERE hash = NEW.hash OR rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'annex: append only'); END;
CREATE TRIGGER annex_update BEFORE UPDATE ON annex
BEGIN SELECT RAISE(ABORT, 'annex: append only'); END;
CREATE TRIGGER annex_delete BEFORE DELETE ON annex
BEGIN SELECT RAISE(ABORT, 'annex: append only'); END;

-- ---- Content: erasable, sealed (XChaCha20-Poly1305).

-- The fields of an entry, in parts of at most 1,900 bytes before sealing, under the entry's data key.
CREATE TABLE content (
        seq INTEGER NOT NULL,
        part INTEGER NOT NULL,
        sealed BLOB NOT NULL,
        PRIMARY KEY (seq, part)
) STRICT, WITHOUT ROWID;

-- The data key, sealed under the file key's subkey `wrap`. Without it the content is noise.
CREATE TABLE content_key (
        seq INTEGER PRIMARY KEY,
        wrapped BLOB NOT NULL
) STRICT;

-- ---- Kept for ever, sealed under keys that no erasure destroys.

CREATE TABLE because (
        seq INTEGER PRIMARY KEY,
        sealed BLOB NOT NULL
) STRICT;
CREATE TABLE residue (
        seq INTEGER PRIMARY KEY,
        sealed BLOB NOT NULL
) STRICT;

-- ---- Derived from the above, and made again from it.

-- Entries by subject. tag: keyed hash of the canonical subject, or of the person's reference where no subject is named; at_us: when
-- it was done; look: 1 an activity, 0 an intent, NULL another kind; intended: whether the entry counts as a look at this
-- subject; captured, immediate: what was said of the look. Times in microseconds since 1970. One range of rows is one window.
CREATE TABLE subject_index (
        tag BLOB NOT NULL,
        at_us INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        member INTEGER NOT NULL,
        operation BLOB,
        look INTEGER,
        intended INTEGER NOT NULL,
        captured INTEGER NOT NULL,
        immediate INTEGER NOT NULL,
        PRIMARY KEY (tag, at_us, seq)
) STRICT, WITHOUT ROWID;

-- Tags that belong to one person (same 1), or were said not to (0), each pair in both directions; place: the order in which
-- `other` was first named together with `tag`; seq: of the entry that said what holds now.
CREATE TABLE tie (
        tag BLOB NOT NULL,
        place INTEGER NOT NULL,
        other BLOB NOT NULL,
        seq INTEGER NOT NULL,
        same INTEGER NOT NULL,
        PRIMARY KEY (tag, place)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX tie_pair ON tie (tag, other);

-- What each member typed of late, as sketches that tell likeness and no words, sealed under the subkey `likeness`.
-- likeness: percent, of the most alike of the member's sketches then.
CREATE TABLE sketch (
        member INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        at_us INTEGER NOT NULL,
        likeness INTEGER NOT NULL,
        sealed BLOB NOT NULL,
        PRIMARY KEY (member, seq)
) STRICT, WITHOUT ROWID;

-- Entries that a rule put into somebody's digest. roles: bits, 1 << the place of the role in FORMAT.md section 4.
CREATE TABLE told (
        at_us INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        rule TEXT NOT NULL,
        roles INTEGER NOT NULL,
        PRIMARY KEY (at_us, seq, rule)
) STRICT, WITHOUT ROWID;

-- st: the first 8 bytes of the statement hash as a signed big-endian integer; the leaf settles who is meant.
CREATE TABLE statement_index (
        st INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (st, seq)
) STRICT, WITHOUT ROWID;

-- The n-th statement of a key; key: its number in the roster.
CREATE TABLE key_index (
        key INTEGER NOT NULL,
        n INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (key, n)
) STRICT, WITHOUT ROWID;

-- What lists show. kind, act, verdict, lane, decided: the numbers of the program's enums, which are frozen with format 1.
-- member, key: roster numbers of the author; target, decided_by, closed_by: seqs; operation, subject: tags.
CREATE TABLE item (
        seq INTEGER PRIMARY KEY,
        kind INTEGER NOT NULL,
        act INTEGER NOT NULL,
        verdict INTEGER NOT NULL,
        lane INTEGER NOT NULL,
        at_us INTEGER NOT NULL,
        member INTEGER NOT NULL,
        key INTEGER NOT NULL,
        n INTEGER NOT NULL,
        unit TEXT NOT NULL,
        decided INTEGER NOT NULL,
        decided_by INTEGER,
        closed_by INTEGER,
        target INTEGER,
        operation BLOB,
        subject BLOB,
        urgent INTEGER NOT NULL
) STRICT;

-- The queue.
CREATE INDEX item_waiting ON item (seq) WHERE decided = 1;
-- Intents (6), and openings (act 8) of operations (3), that nobody closed.
CREATE INDEX item_open ON item (member, seq)
WHERE closed_by IS NULL AND (kind = 6 OR kind = 3 AND act = 8);
CREATE INDEX item_member ON item (member, seq);
CREATE INDEX item_target ON item (target, seq) WHERE target IS NOT NULL;
CREATE INDEX item_operation ON item (operation, seq) WHERE operation IS NOT NULL;
-- The operation of a name, asked for each intent: without it every enquiry under the name would be walked.
CREATE INDEX item_named ON item (operation, seq) WHERE operation IS NOT NULL AND kind = 3;
-- Everything but intents, activities (7) and consults (16), which are nearly all.
CREATE INDEX item_rare ON item (seq) WHERE kind NOT IN (6, 7, 16);
-- A member's intents, to count those of the last minutes.
CREATE INDEX item_intent ON item (member, at_us) WHERE kind = 6;
-- A member's intents that were let through and that no activity has closed.
CREATE INDEX item_late ON item (member, at_us)
WHERE kind = 6 AND closed_by IS NULL AND verdict <> 2 AND (decided = 0 OR decided = 2);
