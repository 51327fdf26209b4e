#include "daemon/mailbox.h"

#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct mailbox {
        pthread_mutex_t lock;
        size_t holders;
        bool closed;
        struct letter *first, **last;
        int fd;
};

struct mailbox *mailbox_new(void)
{
        struct mailbox *m = calloc(1, sizeof *m);
        if (m == NULL)
                return NULL;
        m->holders = 1;
        m->last = &m->first;
        m->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (m->fd < 0 || pthread_mutex_init(&m->lock, NULL) != 0) {
                if (m->fd >= 0)
                        (void)close(m->fd);
                free(m);
                return NULL;
        }
        return m;
}

void mailbox_hold(struct mailbox *m)
{
        (void)pthread_mutex_lock(&m->lock);
        m->holders++;
        (void)pthread_mutex_unlock(&m->lock);
}

void mailbox_release(struct mailbox *m)
{
        if (m == NULL)
                return;
        (void)pthread_mutex_lock(&m->lock);
        size_t left = --m->holders;
        (void)pthread_mutex_unlock(&m->lock);
        if (left > 0)
                return;
        (void)close(m->fd);
        (void)pthread_mutex_destroy(&m->lock);
        free(m);
}

int mailbox_fd(const struct mailbox *m)
{
        return m->fd;
}

void mailbox_wake(const struct mailbox *m)
{
        int before = errno;
        uint64_t one = 1;
        /* The only failure is a counter that is full: then the reader is awake already. */
        ssize_t n = write(m->fd, &one, sizeof one);
        (void)n;
        errno = before;
}

bool mailbox_put(struct mailbox *m, struct letter *letter)
{
        (void)pthread_mutex_lock(&m->lock);
        bool open = !m->closed, first = m->first == NULL;
        if (open) {
                letter->next = NULL;
                *m->last = letter;
                m->last = &letter->next;
                /* Under the lock: afterwards the taker may let go of the mailbox. */
                if (first)
                        mailbox_wake(m);
        }
        (void)pthread_mutex_unlock(&m->lock);
        return open;
}

struct letter *mailbox_take(struct mailbox *m)
{
        uint64_t count;
        ssize_t n = read(m->fd, &count, sizeof count);
        (void)n; /* nothing to read: woken for a letter that an earlier call took */
        (void)pthread_mutex_lock(&m->lock);
        struct letter *all = m->first;
        m->first = NULL;
        m->last = &m->first;
        (void)pthread_mutex_unlock(&m->lock);
        return all;
}

void mailbox_close(struct mailbox *m)
{
        (void)pthread_mutex_lock(&m->lock);
        m->closed = true;
        (void)pthread_mutex_unlock(&m->lock);
}
