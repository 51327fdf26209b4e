#include "daemon/admit.h"

#include <stdlib.h>

#include "daemon/around.h"
#include "daemon/sight.h"

/* Whether an entry with this number of this key is there already, as the same statement. */
static enum err find_repeat(struct ledger *l, struct job *j, const struct roster_key *key)
{
        struct buf text;
        struct leaf leaf;
        enum err e;
        buf_init(&text, LEAF_MAX + 1);
        j->head_n = key->n;
        j->head_st = key->st;
        if (j->statement.n == 0 || j->statement.n > key->n) {
                e = ERR_NUMBER;
                goto done;
        }
        if ((e = store_find_key_n(l->store, key->number, j->statement.n, &j->seq))) {
                e = e == ERR_ABSENT ? ERR_NUMBER : e;
                goto done;
        }
        if ((e = store_leaf(l->store, j->seq, &text)) || (e = leaf_decode(buf_bytes(&text), &leaf)))
                goto done;
        if (!bytes_equal(leaf.statement, j->statement.jws)) {
                e = ERR_OTHER_BODY;
                goto done;
        }
        j->verdict = leaf.verdict;
        j->repeated = true;
        e = tree_leaf_hash(buf_bytes(&text), &j->leaf_hash);
        if (!e) {
                buf_reset(&j->leaf);
                buf_put(&j->leaf, buf_bytes(&text));
                e = buf_check(&j->leaf);
        }
done:
        buf_clear(&text);
        return e;
}

static enum err check_alias(struct ledger *l, struct job *j)
{
        struct bytes alias;
        enum err e = body_text(&j->body, "alias", &j->text, &alias);
        if (e)
                return e;
        if (!alias_valid(alias))
                return why_set(&j->why, ERR_FIELD_VALUE,
                               "alias: 1 to %d lower-case letters and digits, a letter first", ALIAS_MAX);
        if (directory_alias_taken(l->directory, alias)) {
                directory_alias_free(l->directory, alias, j->free_alias);
                return ERR_ALIAS_TAKEN;
        }
        return OK;
}

static enum err write_leaf(struct ledger *l, struct job *j, int64_t at_us)
{
        struct leaf leaf = {.seq = j->seq,
                            .at_us = at_us,
                            .prev = l->head,
                            .verdict = j->verdict,
                            .policy = *roster_policy(l->roster),
                            .statement = j->statement.jws};
        struct buf because;
        enum err e;
        buf_init(&because, LEAF_MAX);
        if ((e = because_make(buf_bytes(&j->because), &because, &leaf.because)))
                goto done;
        buf_reset(&j->because);
        buf_put(&j->because, buf_bytes(&because)); /* from here on the disclosure's text */
        buf_reset(&j->leaf);
        if ((e = buf_check(&j->because)) || (e = leaf_put(&j->leaf, &leaf)) || (e = buf_check(&j->leaf)) ||
            (e = tree_leaf_hash(buf_bytes(&j->leaf), &j->leaf_hash)))
                goto done;
done:
        buf_clear(&because);
        return e;
}

/* *out_wrote: the transaction is no longer as it was, so that an error is the whole batch's. */
static enum err append(struct ledger *l, struct job *j, struct around *a, bool *out_wrote)
{
        struct buf content, residue;
        struct tile_root roots[TREE_LEVELS_MAX];
        enum err e;
        buf_init(&content, SUBMISSION_MAX);
        buf_init(&residue, SUBMISSION_MAX);
        body_put_content(&j->body, &content);
        body_put_residue(&j->body, &residue);
        struct store_entry entry = {.leaf = buf_bytes(&j->leaf),
                                    .hash = j->leaf_hash,
                                    .st = j->statement.st,
                                    .because = buf_bytes(&j->because),
                                    .item = a->item,
                                    .intended = a->intended,
                                    .captured = a->captured,
                                    .immediate = a->immediate,
                                    .done_us = a->done_us,
                                    .likeness = a->scene.likeness};
        if ((e = buf_check(&content)) || (e = buf_check(&residue)))
                goto done;
        /* what was refused was not done: saying it again, mended, is no habit */
        if (j->verdict != VERDICT_REFUSED)
                entry.sketch = bytes_of(a->sketch, a->sketch_n);
        entry.content = buf_bytes(&content);
        entry.residue = buf_bytes(&residue);
        *out_wrote = true;
        if ((e = store_put_entry(l->store, &entry)) || (e = tree_append(l->tree, &j->leaf_hash)))
                goto done;
        size_t n = tree_completed(l->tree, roots);
        for (size_t i = 0; i < n; i++)
                if ((e = store_put_tile_root(l->store, &roots[i])))
                        goto done;
        e = around_settle(l, j, a);
done:
        buf_wipe(&content);
        buf_clear(&residue);
        return e;
}

/* Errors that concern this statement alone; anything else gives up the batch. */
static bool is_own_fault(enum err e)
{
        int status = err_row(e)->http;
        return status >= 400 && status < 500;
}

enum err admit(struct ledger *l, struct job *j)
{
        const struct roster_key *key = roster_key_at(l->roster, j->key);
        struct around *a = NULL;
        bool wrote = false;
        enum err e;
        int64_t now = clock_now_us();
        int64_t at_us = now > l->head_at_us ? now : l->head_at_us + 1;

        if ((e = roster_check_follows(l->roster, key, &j->statement))) {
                e = find_repeat(l, j, key);
                goto done;
        }
        a = calloc(1, sizeof *a);
        if (a == NULL)
                return ERR_NO_MEMORY;
        around_init(a);
        j->seq = tree_size(l->tree);
        /* Before anything is looked up: a refusal for the role must not tell what is there. */
        if (key->kind == KEY_MEMBER && !(roster_member_at(l->roster, key->member)->roles &
                                         roster_roles_for(j->statement.kind, j->statement.claims.act))) {
                e = ERR_ROLE;
                goto done;
        }
        if ((e = around_load(l, j, a, at_us)) ||
            (e = roster_check_may(l->roster, key, &j->statement, at_us, a->has_target ? &a->target : NULL,
                                  a->has_target ? a->target_key : NULL, &j->why)))
                goto done;
        if (j->statement.kind == KIND_MEMBER && j->statement.claims.act == ACT_JOIN &&
            (e = check_alias(l, j)))
                goto done;
        if ((e = around_judge(l, j, a)))
                goto done;
        if ((e = write_leaf(l, j, at_us)) || (e = append(l, j, a, &wrote)))
                goto done;
        j->old_n = key->n;
        j->old_st = key->st;
        (void)pthread_rwlock_wrlock(&l->lock);
        roster_advance(l->roster, key, j->statement.n, &j->statement.st);
        (void)pthread_rwlock_unlock(&l->lock);
        l->head = j->leaf_hash;
        l->head_at_us = at_us;
        j->appended = true;
        j->settles = a->settles;
done:
        around_clear(a);
        free(a);
        if (e && !wrote && is_own_fault(e)) {
                j->error = e;
                return OK;
        }
        return e;
}

void admit_undo(struct ledger *l, struct job *j)
{
        if (!j->appended)
                return;
        (void)pthread_rwlock_wrlock(&l->lock);
        roster_advance(l->roster, roster_key_at(l->roster, j->key), j->old_n, &j->old_st);
        (void)pthread_rwlock_unlock(&l->lock);
        j->appended = false;
}
