/* route: the table of what the daemon answers to. schema/openapi.yaml says the same in words, and a test
 * holds the two together. */
#ifndef DAEMON_ROUTE_H
#define DAEMON_ROUTE_H

#include "daemon/worker.h"

struct route {
        enum http_method method;
        const char *path;  /* "/v1/statements"; with a last segment in braces it takes anything there:
                              "/v1/invites/{key}" */
        const char *media; /* what the body must be, NULL: no body */
        bool anonymous;    /* without a client certificate */
        bool spine;        /* needs a role that may read the spine */
        void (*handle)(struct worker *w, struct exchange *x, const char *rest);
};
extern const struct route routes[];
extern const size_t routes_count;

/* Finds the route, checks method, media type, certificate and role, and runs it. The exchange is answered,
 * now or later. */
void route_handle(struct worker *w, struct exchange *x);

#endif
