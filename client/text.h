/* text: the one thing that all who read jansson's objects do. */
#ifndef CLIENT_TEXT_H
#define CLIENT_TEXT_H

#include <jansson.h>

/* The text of a member; "" where it is absent or no text. Borrowed from the object. */
static inline const char *text_of(const json_t *o, const char *name)
{
        const char *text = json_string_value(json_object_get(o, name));
        return text != NULL ? text : "";
}

#endif
