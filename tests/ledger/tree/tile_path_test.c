#include "help.h"

static const struct {
        const char *path;
        int level;
        uint64_t index;
        unsigned width;
} good[] = {
    {"tile/0/000", 0, 0, 256},
    {"tile/0/x001/x234/067", 0, 1234067, 256}, /* C2SP tlog-tiles */
    {"tile/0/256", 0, 256, 256},
    {"tile/1/x001/000.p/1", 1, 1000, 1},
    {"tile/entries/273.p/112", TILE_LEVEL_ENTRIES, 273, 112},
    {"tile/entries/999", TILE_LEVEL_ENTRIES, 999, 256},
    {"tile/2/000.p/255", 2, 0, 255},
    {"tile/63/001", 63, 1, 256},
    {"tile/0/x018/x446/x744/x073/x709/x551/615", 0, UINT64_MAX, 256},
};

static const char *const bad[] = {
    "",
    "tile",
    "tile/",
    "/tile/0/000",
    "tile/0/",
    "tile/0/0",
    "tile/0/00",
    "tile/0/0000",
    "tile/00/000",
    "tile/64/000",
    "tile/-1/000",
    "tile/+1/000",
    "tile/18446744073709551616/000",
    "tile/8/0/000",
    "tile/entries",
    "tile/entries/",
    "tile/Entries/000",
    "tile/0/x000/001",
    "tile/0/001/002",
    "tile/0/x001",
    "tile/0/x001/",
    "tile/0/x001/x002",
    "tile/0/x01/002",
    "tile/0/x 01/002",
    "tile/0/000.p/0",
    "tile/0/000.p/256",
    "tile/0/000.p/01",
    "tile/0/000.p/",
    "tile/0/000.p",
    "tile/0/000.p/1/",
    "tile/0/000.p/1.p/1",
    "tile/0/000/",
    "tile/0/000?",
    "tile/0/x018/x446/x744/x073/x709/x551/616",
    "tile/0/x019/x000/x000/x000/x000/x000/000",
    "tile/0/x001/x000/x000/x000/x000/x000/x000/000",
};

static void put(struct buf *b, int level, uint64_t index, unsigned width)
{
        buf_reset(b);
        tile_path_put(b, level, index, width);
}

static void round_trip(void **state)
{
        struct buf b;

        (void)state;
        buf_init(&b, 256);
        for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
                int level;
                uint64_t index;
                unsigned width;

                put(&b, good[i].level, good[i].index, good[i].width);
                assert_string_equal(buf_text(&b), good[i].path);
                assert_ok(tile_path_parse(bytes_text(good[i].path), &level, &index, &width));
                assert_int_equal(level, good[i].level);
                assert_true(index == good[i].index);
                assert_int_equal(width, good[i].width);
        }
        buf_clear(&b);
}

static void refused(void **state)
{
        int level = 77;
        uint64_t index = 77;
        unsigned width = 77;

        (void)state;
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
                if (!tile_path_parse(bytes_text(bad[i]), &level, &index, &width))
                        fail_msg("%s was taken", bad[i]);
        assert_err(tile_path_parse(bytes_of("tile/0/00\0", 10), &level, &index, &width), ERR_FORM);
        assert_int_equal(level, 77);
        assert_int_equal(index, 77);
        assert_int_equal(width, 77);
}

static void put_refuses(void **state)
{
        const struct {
                int level;
                unsigned width;
        } wrong[] = {{-2, 1}, {64, 1}, {0, 0}, {0, 257}};
        struct buf b;

        (void)state;
        buf_init(&b, 256);
        for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
                put(&b, wrong[i].level, 5, wrong[i].width);
                assert_err(buf_check(&b), ERR_BUG);
                tile_path_put(&b, 0, 5, TREE_TILE); /* sticky */
                assert_err(buf_check(&b), ERR_BUG);
                assert_int_equal(b.n, 0);
        }
        buf_clear(&b);
        buf_init(&b, 8);
        put(&b, 0, 5, TREE_TILE);
        assert_err(buf_check(&b), ERR_TOO_LONG);
        tile_path_put(&b, -2, 5, TREE_TILE); /* the first failure is the one that is told */
        assert_err(buf_check(&b), ERR_TOO_LONG);
        buf_clear(&b);
}

/* Whatever is taken is written back as it was: no tile has two paths. */
static void assert_only_path(struct bytes path, struct buf *b)
{
        int level;
        uint64_t index;
        unsigned width;

        if (tile_path_parse(path, &level, &index, &width))
                return;
        put(b, level, index, width);
        assert_ok(buf_check(b));
        assert_true(bytes_equal(buf_bytes(b), path));
}

static void every_change(void **state)
{
        struct buf b;

        (void)state;
        buf_init(&b, 256);
        for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
                size_t n = strlen(good[i].path);
                uint8_t path[64];

                memcpy(path, good[i].path, n);
                for (size_t bit = 0; bit < 8 * n; bit++) {
                        path[bit / 8] ^= (uint8_t)(1U << bit % 8);
                        assert_only_path(bytes_of(path, n), &b);
                        path[bit / 8] ^= (uint8_t)(1U << bit % 8);
                }
                for (size_t prefix = 0; prefix < n; prefix++)
                        assert_only_path(bytes_of(path, prefix), &b);
                for (unsigned c = 0; c < 256; c++) {
                        path[n] = (uint8_t)c;
                        assert_only_path(bytes_of(path, n + 1), &b);
                }
        }
        buf_clear(&b);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(round_trip),
            cmocka_unit_test(refused),
            cmocka_unit_test(put_refuses),
            cmocka_unit_test(every_change),
        };

        return cmocka_run_group_tests(tests, help_setup, NULL);
}
