/* mailbox: where other threads leave what the loop's thread is to take, and the descriptor that wakes it.
 * Counted: it lives until the last holder lets go, so that a letter can come when nobody takes it any more.
 * Safe from any thread. */
#ifndef DAEMON_MAILBOX_H
#define DAEMON_MAILBOX_H

#include <stdbool.h>

/* First member of whatever is sent. */
struct letter {
        struct letter *next;
};

struct mailbox;
struct mailbox *mailbox_new(void); /* NULL: no memory or no descriptor; held once */
void mailbox_hold(struct mailbox *m);
void mailbox_release(struct mailbox *m);    /* NULL allowed */
int mailbox_fd(const struct mailbox *m);    /* readable once something was put, or after mailbox_wake */
void mailbox_wake(const struct mailbox *m); /* safe in a signal handler */
/* False when it is closed: the letter stays the caller's. */
bool mailbox_put(struct mailbox *m, struct letter *letter);
/* Everything there is, oldest first; NULL: nothing. */
struct letter *mailbox_take(struct mailbox *m);
/* Nobody will take any more. */
void mailbox_close(struct mailbox *m);

#endif
