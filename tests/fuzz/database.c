/* Any file as a ledger: it is refused, or verified with faults, but never believed wrongly nor crashed over.
 */
#include <unistd.h>

#include "ledger/verify/verify.h"
#include "tests/fuzz/fuzz.h"

#define ENTRIES_MAX 4096

static void read_all(struct store *store)
{
        static struct store_item items[STORE_PAGE_MAX];
        const struct store_filter filter = {.before = SEQ_NONE, .limit = STORE_PAGE_MAX};
        struct verification *v = NULL;
        struct why why = {0};
        struct buf text;
        uint64_t size = 0;
        size_t n = 0;
        buf_init(&text, ANNEX_MAX);
        if (!store_size(store, &size) && size <= ENTRIES_MAX &&
            !verify_run(store, &(struct verify_options){.threads = 1}, &v, &why)) {
                for (size_t i = 0; i < verification_findings(v); i++)
                        must(check_row(verification_finding(v, i)->check) != NULL,
                             "a finding belongs to a check");
                verification_free(v);
        }
        /* Errors are what is expected; that they come back is what is tested. */
        if (store_items(store, &filter, items, &n) == OK)
                must(n <= STORE_PAGE_MAX, "a page of a list has a limit");
        if (store_last_checkpoint(store, &text) != OK)
                buf_reset(&text);
        buf_clear(&text);
}

/* One file for the whole run; SQLite follows links, so that a file without a name does not do. */
static char path[] = "/dev/shm/enquiry-fuzz.XXXXXX";

static void remove_file(void)
{
        (void)unlink(path);
}

static int file(void)
{
        static int fd = -1;
        if (fd < 0) {
                fd = mkstemp(path);
                must(fd >= 0 && atexit(remove_file) == 0, "a file for the input");
        }
        return fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
        struct store *store = NULL;
        struct why why = {0};
        int fd = file();
        must(ftruncate(fd, 0) == 0 && pwrite(fd, data, n, 0) == (ssize_t)n, "the input as a file");
        if (!store_open(path, STORE_COPY, NULL, &store, &why)) {
                read_all(store);
                store_close(store);
        }
        return 0;
}
