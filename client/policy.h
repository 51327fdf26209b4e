/* policy: the words after `enquiry policy`, one file each, and how a pack is read from a file. Those that
 * read a FILE need neither a daemon nor a home folder. */
#ifndef CLIENT_POLICY_H
#define CLIENT_POLICY_H

#include "client/command.h"
#include "policy/pack.h"

int policy_adopt(struct session *s, int argc, char **argv);
int policy_check(struct session *s, int argc, char **argv);
int policy_diff(struct session *s, int argc, char **argv);
int policy_explain(struct session *s, int argc, char **argv);
int policy_show(struct session *s, int argc, char **argv);
int policy_test(struct session *s, int argc, char **argv);

/* Where the text is found that an overlay lies over: every *.yaml beside FILE, then those in the folder
 * ../share/enquiry/policy of the folder that the program lies in. The source borrows the path. */
struct policy_place {
        const char *path;
        struct pack_source source;
};
void policy_place_init(struct policy_place *p, const char *path);
/* The pack of that file. Errors of pack_parse; ERR_ABSENT and ERR_IO with the path. */
enum err policy_load(const char *path, struct pack **out, struct why *why);
/* The pack that an overlay lies over; NULL for one that stands alone. */
enum err policy_base(const char *path, const struct pack *pack, struct pack **out, struct why *why);
/* {"name","version","title","hash"}, the hash in base64url. */
json_t *policy_head(const struct pack *pack);
/* A parameter's number or list of words. */
json_t *policy_value(const struct parameter *p);
/* The same as people read it: appends "3" or "inspector, superintendent". */
void policy_value_put(struct buf *out, const struct parameter *p);
/* {"id","title","effect","kind","kinds","because","advice","when"} and, where somebody is told, "tell". */
json_t *policy_rule(const struct rule *r);
/* "Needs an authority" for authorise; "Code of practice" for code. */
const char *effect_words(enum effect e);
const char *rule_kind_words(enum rule_kind k);
/* Takes the sub-command's options and FILE words, at least `least` and at most `most` of them; ERR_USE with
 * `use`. */
enum err policy_args(struct session *s, int argc, char **argv, const struct arg table[], size_t least,
                     size_t most, const char *use, struct args *out);

/* What `new` changes against `old`: {"rules","parameters","terms","lanes",...}; and in words. */
enum err policy_changes(const struct pack *old, const struct pack *new, json_t **out);
void policy_print_changes(const json_t *changes, const struct pack *old, const struct pack *new);
/* The pack in force, asked of the daemon and kept in the folder; without the daemon the one that was seen
 * last. Opens the session. ERR_AWAY when there is none. */
enum err policy_in_force(struct session *s, struct pack **out);

#endif
