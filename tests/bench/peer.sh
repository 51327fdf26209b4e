# shellcheck shell=bash
# peer: PostgreSQL 15 with a hash-chain trigger that stores the same bytes, as something everybody knows to compare with. It
# verifies no signature, judges nothing, makes no receipt and speaks no TLS here; it syncs each commit. Sourced by run.sh; started
# and stopped by it, on a socket in the scratch folder only.

PEER_BIN=$(find /usr/lib/postgresql/*/bin -maxdepth 0 2>/dev/null | sort -V | tail -n 1 || true)

# PostgreSQL refuses to run as root.
as_peer() { if [[ $(id -u) == 0 ]]; then runuser -u postgres -- "$@"; else "$@"; fi; }
peer_sql() { as_peer psql -X -q -v ON_ERROR_STOP=1 -h "$W/peer" -U bench -d postgres "$@"; }

peer_start() {
        mkdir "$W/peer"
        chmod 711 "$W"
        [[ $(id -u) != 0 ]] || chown postgres "$W/peer"
        as_peer "$PEER_BIN/initdb" -D "$W/peer/data" -U bench -A trust >"$W/peer.log" 2>&1
        cat >"$W/peer.stop" <<STOP
#!/bin/sh
$([[ $(id -u) != 0 ]] || echo "exec runuser -u postgres --") "$PEER_BIN/pg_ctl" -D "$W/peer/data" -m fast -w stop >/dev/null 2>&1
STOP
        chmod +x "$W/peer.stop"
        as_peer "$PEER_BIN/pg_ctl" -D "$W/peer/data" -w -l "$W/peer/log" start \
                -o "-c listen_addresses= -k $W/peer -c synchronous_commit=on -c fsync=on -c max_connections=100 -c shared_buffers=128MB -c max_wal_size=4GB" >>"$W/peer.log"
}

# The submissions of bench_load sign, 1,000 of them, and the table with its chain.
peer_fill() {
        "$BUILD/bench/bench_load" rows --people "$W/people" --passphrase-file "$W/pass" --operation OP-BENCH-1 --out "$W/submissions" \
                --count 1000 >"$W/peer.given"
        peer_sql <<'SQL'
CREATE TABLE given (i integer PRIMARY KEY, body bytea NOT NULL);
CREATE TABLE head (one boolean PRIMARY KEY DEFAULT true CHECK (one), seq bigint NOT NULL, hash bytea NOT NULL);
CREATE TABLE entry (seq bigint PRIMARY KEY, body bytea NOT NULL, hash bytea NOT NULL);
INSERT INTO head VALUES (true, 0, decode(repeat('00', 32), 'hex'));
CREATE FUNCTION chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last head%ROWTYPE;
BEGIN
        SELECT * INTO last FROM head FOR UPDATE;
        NEW.seq := last.seq + 1;
        NEW.hash := sha256(last.hash || NEW.body);
        UPDATE head SET seq = NEW.seq, hash = NEW.hash;
        RETURN NEW;
END $$;
CREATE TRIGGER chain BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION chain();
SQL
        peer_sql -c "\\copy given FROM STDIN" <"$W/peer.given"
        echo '\set i random(0, 999)
INSERT INTO entry (body) SELECT body FROM given WHERE i = :i;' >"$W/peer.bench"
        chmod 644 "$W/peer.bench"
}

peer_rate() { # CLIENTS SECONDS
        as_peer "$PEER_BIN/pgbench" -h "$W/peer" -U bench -n -M prepared -f "$W/peer.bench" -c "$1" -j "$(($1 < 2 ? 1 : 2))" -T "$2" postgres 2>/dev/null |
                sed -n 's/^tps = \([0-9.]*\).*/\1/p'
}

peer_check() { # the chain it made is one
        local broken
        broken=$(peer_sql -At -c "SELECT count(*) FROM (SELECT hash, body, lag(hash, 1, decode(repeat('00', 32), 'hex')) OVER (ORDER BY seq) AS prev FROM entry) e WHERE hash <> sha256(prev || body)")
        [[ $broken == 0 ]] || die "the peer's chain is broken in $broken places"
}

# Sets PEER to nothing where there is none.
peer_begin() {
        [[ $PEER ]] || return 0
        if [[ -z $PEER_BIN ]] || ! [[ -x $PEER_BIN/initdb && -x $PEER_BIN/pgbench ]]; then
                say "no PostgreSQL server here (apt-get install postgresql): no peer in this run"
                PEER=
                return 0
        fi
        say "the peer: PostgreSQL $("$PEER_BIN/postgres" --version | awk '{ print $3 }') with a hash-chain trigger, the same bytes"
        peer_start
        peer_fill
}

peer_round() { # CLIENTS OURS: its rate right after ours, and the ratio
        local rate
        [[ $PEER ]] || return 0
        rate=$(peer_rate "$1" "$([[ $QUICK ]] && echo 3 || echo 10)")
        sample "postgresql_$1_clients" "$rate" 1/s
        sample "ratio_to_postgresql_$1_clients" "$(divide "$2" "$rate")" times
}

peer_end() {
        [[ $PEER ]] || return 0
        peer_check
        "$W/peer.stop"
        rm -f "$W/peer.stop"
}
