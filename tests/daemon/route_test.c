/* The table of routes and schema/openapi.yaml say the same, both ways. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

#include "daemon/route.h"
#include "daemon/sight.h"

static yaml_document_t document;

static int read_document(void **state)
{
        FILE *f = fopen(TEST_ROOT "/schema/openapi.yaml", "rbe");
        yaml_parser_t parser;
        (void)state;
        assert_non_null(f);
        assert_int_equal(yaml_parser_initialize(&parser), 1);
        yaml_parser_set_input_file(&parser, f);
        if (yaml_parser_load(&parser, &document) != 1) {
                print_error("openapi.yaml, line %zu: %s\n", parser.problem_mark.line + 1, parser.problem);
                return -1;
        }
        yaml_parser_delete(&parser);
        (void)fclose(f);
        return 0;
}

static int forget_document(void **state)
{
        (void)state;
        yaml_document_delete(&document);
        return 0;
}

static const char *text_of(const yaml_node_t *n)
{
        return n != NULL && n->type == YAML_SCALAR_NODE ? (const char *)n->data.scalar.value : "";
}

/* The value of a mapping's key; NULL: none. A key that stands there twice is a mistake of the page. */
static yaml_node_t *member(const yaml_node_t *mapping, const char *name)
{
        yaml_node_t *found = NULL;
        if (mapping == NULL || mapping->type != YAML_MAPPING_NODE)
                return NULL;
        for (const yaml_node_pair_t *p = mapping->data.mapping.pairs.start;
             p < mapping->data.mapping.pairs.top; p++)
                if (strcmp(text_of(yaml_document_get_node(&document, p->key)), name) == 0) {
                        assert_null(found);
                        found = yaml_document_get_node(&document, p->value);
                }
        return found;
}

/* Follows a "#/components/..." reference, if it is one. */
static yaml_node_t *resolve(yaml_node_t *n)
{
        char path[128], *at = path, *part;
        const yaml_node_t *ref = member(n, "$ref");
        if (ref == NULL)
                return n;
        (void)snprintf(path, sizeof path, "%s", text_of(ref));
        n = yaml_document_get_root_node(&document);
        assert_string_equal(strsep(&at, "/"), "#");
        while ((part = strsep(&at, "/")) != NULL)
                n = member(n, part);
        if (n == NULL)
                print_error("%s leads nowhere\n", text_of(ref));
        assert_non_null(n);
        return n;
}

static yaml_node_t *root_member(const char *name)
{
        return member(yaml_document_get_root_node(&document), name);
}

static const char *method_name(enum http_method m)
{
        switch (m) {
        case HTTP_GET: return "get";
        case HTTP_POST: return "post";
        case HTTP_PUT: return "put";
        case HTTP_OTHER: break;
        }
        return "?";
}

static yaml_node_t *operation_of(const struct route *r)
{
        return member(member(root_member("paths"), r->path), method_name(r->method));
}

static size_t pairs_of(const yaml_node_t *mapping)
{
        assert_non_null(mapping);
        assert_int_equal(mapping->type, YAML_MAPPING_NODE);
        return (size_t)(mapping->data.mapping.pairs.top - mapping->data.mapping.pairs.start);
}

static void every_route_is_on_the_page(void **state)
{
        (void)state;
        for (size_t i = 0; i < routes_count; i++) {
                const struct route *r = &routes[i];
                const yaml_node_t *operation = operation_of(r);
                if (operation == NULL)
                        print_error("%s %s is not in openapi.yaml\n", method_name(r->method), r->path);
                assert_non_null(operation);
                /* the body's media type: exactly the one, or no body at all */
                yaml_node_t *body = member(operation, "requestBody");
                assert_int_equal(body == NULL, r->media == NULL);
                if (body != NULL) {
                        const yaml_node_t *content = member(resolve(body), "content");
                        assert_int_equal(pairs_of(content), 1);
                        assert_non_null(member(content, r->media));
                }
                /* who may come without a certificate: `security: []` */
                const yaml_node_t *security = member(operation, "security");
                assert_int_equal(security != NULL, r->anonymous);
                if (security != NULL) {
                        assert_int_equal(security->type, YAML_SEQUENCE_NODE);
                        assert_true(security->data.sequence.items.start == security->data.sequence.items.top);
                }
        }
        assert_non_null(root_member("security"));
}

static void everything_on_the_page_is_a_route(void **state)
{
        const yaml_node_t *paths = root_member("paths");
        size_t operations = 0;
        (void)state;
        assert_non_null(paths);
        for (const yaml_node_pair_t *p = paths->data.mapping.pairs.start; p < paths->data.mapping.pairs.top;
             p++)
                operations += pairs_of(yaml_document_get_node(&document, p->value));
        assert_int_equal(operations, routes_count);
        /* nor is one in the table twice */
        for (size_t i = 0; i < routes_count; i++)
                for (size_t k = 0; k < i; k++)
                        assert_false(routes[i].method == routes[k].method &&
                                     strcmp(routes[i].path, routes[k].path) == 0);
}

/* `x-roles` stands where the route asks for the spine, and lists exactly who may read it. */
static void roles_of_the_spine(void **state)
{
        (void)state;
        for (size_t i = 0; i < routes_count; i++) {
                const yaml_node_t *list = member(operation_of(&routes[i]), "x-roles");
                roles said = 0, may = 0;
                assert_int_equal(list != NULL, routes[i].spine);
                if (list == NULL)
                        continue;
                for (const yaml_node_item_t *item = list->data.sequence.items.start;
                     item < list->data.sequence.items.top; item++) {
                        enum role role;
                        assert_true(role_of_name(
                            bytes_text(text_of(yaml_document_get_node(&document, *item))), &role));
                        said |= ROLE_BIT(role);
                }
                for (unsigned r = 0; r < ROLE_COUNT; r++)
                        if (sight_spine(ROLE_BIT(r)))
                                may |= ROLE_BIT(r);
                assert_int_equal(said, may);
        }
}

/* What a path has in braces is a parameter of it. */
static void parameters_of_paths(void **state)
{
        (void)state;
        for (size_t i = 0; i < routes_count; i++) {
                const char *open = strchr(routes[i].path, '{');
                const yaml_node_t *list = member(operation_of(&routes[i]), "parameters");
                size_t in_path = 0;
                for (const yaml_node_item_t *item = list == NULL ? NULL : list->data.sequence.items.start;
                     item != NULL && item < list->data.sequence.items.top; item++) {
                        const yaml_node_t *parameter = resolve(yaml_document_get_node(&document, *item));
                        if (strcmp(text_of(member(parameter, "in")), "path") != 0)
                                continue;
                        const char *name = text_of(member(parameter, "name"));
                        assert_non_null(open);
                        assert_int_equal(strlen(open), strlen(name) + 2);
                        assert_memory_equal(open + 1, name, strlen(name));
                        in_path++;
                }
                assert_int_equal(in_path, open != NULL);
        }
}

static void check_codes(const yaml_node_t *list)
{
        assert_non_null(list);
        assert_int_equal(list->type, YAML_SEQUENCE_NODE);
        for (const yaml_node_item_t *item = list->data.sequence.items.start;
             item < list->data.sequence.items.top; item++) {
                const char *code = text_of(yaml_document_get_node(&document, *item));
                if (err_of_code(code) == OK)
                        print_error("openapi.yaml names %s, which is no code\n", code);
                assert_true(err_of_code(code) != OK);
                for (const yaml_node_item_t *other = list->data.sequence.items.start; other < item; other++)
                        assert_string_not_equal(text_of(yaml_document_get_node(&document, *other)), code);
        }
}

static void codes_and_answers(void **state)
{
        (void)state;
        check_codes(root_member("x-codes"));
        for (size_t i = 0; i < routes_count; i++) {
                const yaml_node_t *operation = operation_of(&routes[i]);
                const yaml_node_t *responses = member(operation, "responses");
                check_codes(member(operation, "x-codes"));
                assert_non_null(member(responses, "200"));
                assert_int_equal(member(responses, "201") != NULL, routes[i].method == HTTP_POST);
                const yaml_node_t *problem = resolve(member(responses, "default"));
                assert_non_null(member(member(problem, "content"), "application/problem+json"));
        }
}

/* Every reference on the page leads somewhere. */
static void references(void **state)
{
        size_t seen = 0;
        (void)state;
        for (int i = 1; yaml_document_get_node(&document, i) != NULL; i++) {
                yaml_node_t *n = yaml_document_get_node(&document, i);
                if (n->type == YAML_MAPPING_NODE && member(n, "$ref") != NULL) {
                        (void)resolve(n);
                        seen++;
                }
        }
        assert_true(seen > 40);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(every_route_is_on_the_page), cmocka_unit_test(everything_on_the_page_is_a_route),
            cmocka_unit_test(roles_of_the_spine),         cmocka_unit_test(parameters_of_paths),
            cmocka_unit_test(codes_and_answers),          cmocka_unit_test(references),
        };
        return cmocka_run_group_tests(tests, read_document, forget_document);
}
