#include "client/transport.h"

#include "ledger/base/b64.h"

#include <curl/curl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RESPONSE_MAX      (64u << 20) /* bytes */
#define CONNECT_TIMEOUT_S 10L
#define ANSWER_TIMEOUT_S  60L

struct transport {
        CURL *curl;
        char base[300];
        char pin[128];
        char error[CURL_ERROR_SIZE];
};

void response_init(struct response *r)
{
        *r = (struct response){0};
        buf_init(&r->body, RESPONSE_MAX);
}

void response_clear(struct response *r)
{
        buf_wipe(&r->body);
}

static size_t take_part(char *part, size_t one, size_t n, void *self)
{
        struct response *r = self;
        buf_put(&r->body, bytes_of(part, one * n));
        return buf_check(&r->body) ? 0 : one * n;
}

static bool set_blob(CURL *curl, CURLoption option, struct bytes in)
{
        struct curl_blob blob = {.len = in.n, .flags = CURL_BLOB_COPY};
        memcpy(&blob.data, &in.at, sizeof in.at);
        return curl_easy_setopt(curl, option, &blob) == CURLE_OK;
}

/* Identity is the pinned key; the certificate's name, issuer and dates say nothing here. */
static bool set_tls(struct transport *t, struct bytes certificate, struct bytes key)
{
        CURL *c = t->curl;
        bool ok = curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_3) == CURLE_OK &&
                  curl_easy_setopt(c, CURLOPT_PINNEDPUBLICKEY, t->pin) == CURLE_OK &&
                  curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 0L) == CURLE_OK &&
                  curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 0L) == CURLE_OK;
        if (ok && certificate.n > 0)
                ok = set_blob(c, CURLOPT_SSLCERT_BLOB, certificate) &&
                     set_blob(c, CURLOPT_SSLKEY_BLOB, key) &&
                     curl_easy_setopt(c, CURLOPT_SSLCERTTYPE, "PEM") == CURLE_OK &&
                     curl_easy_setopt(c, CURLOPT_SSLKEYTYPE, "PEM") == CURLE_OK;
        return ok;
}

static bool set_http(struct transport *t)
{
        CURL *c = t->curl;
        return curl_easy_setopt(c, CURLOPT_ERRORBUFFER, t->error) == CURLE_OK &&
               curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_part) == CURLE_OK &&
               curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "https") == CURLE_OK &&
               curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
               curl_easy_setopt(c, CURLOPT_PROXY, "") == CURLE_OK &&
               curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, CONNECT_TIMEOUT_S) == CURLE_OK &&
               curl_easy_setopt(c, CURLOPT_TIMEOUT, ANSWER_TIMEOUT_S) == CURLE_OK &&
               curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK;
}

enum err transport_new(const char *address, const struct hash *server, struct bytes certificate_pem,
                       struct bytes key_pem, struct transport **out)
{
        struct transport *t = calloc(1, sizeof *t);
        struct buf pin;
        enum err e = OK;
        if (t == NULL)
                return ERR_NO_MEMORY;
        buf_init(&pin, sizeof t->pin - 1);
        buf_put_text(&pin, "sha256//");
        b64_put(&pin, hash_bytes(server));
        (void)snprintf(t->pin, sizeof t->pin, "%s", buf_text(&pin));
        buf_clear(&pin);
        (void)snprintf(t->base, sizeof t->base, "https://%s", address);
        t->curl = curl_easy_init();
        if (t->curl == NULL || !set_http(t) || !set_tls(t, certificate_pem, key_pem))
                e = ERR_CRYPTO;
        if (e)
                transport_free(t);
        else
                *out = t;
        return e;
}

void transport_free(struct transport *t)
{
        if (t == NULL)
                return;
        if (t->curl != NULL)
                curl_easy_cleanup(t->curl);
        free(t);
}

static enum err curl_error(struct transport *t, CURLcode code, struct response *out, struct why *why)
{
        curl_off_t connected = 0;
        (void)curl_easy_getinfo(t->curl, CURLINFO_APPCONNECT_TIME_T, &connected);
        out->sent = connected > 0;
        if (code == CURLE_SSL_PINNEDPUBKEYNOTMATCH) {
                out->sent = false;
                return why_set(why, ERR_SERVER_KEY, "%.150s", t->base);
        }
        if (strstr(t->error, "alert") != NULL) {
                out->sent = false; /* TLS 1.3 tells of a refused certificate only here; no request was read */
                return why_set(why, ERR_REVOKED, "the daemon does not let this key in");
        }
        if (code == CURLE_WRITE_ERROR)
                return ERR_TOO_LONG;
        return why_set(why, ERR_AWAY, "%.100s: %.100s", t->base,
                       t->error[0] ? t->error : curl_easy_strerror(code));
}

static enum err perform(struct transport *t, const char *method, const char *path, const char *media,
                        struct bytes body, struct response *out, struct why *why)
{
        char url[1400], type[128];
        struct curl_slist *headers = NULL;
        long status = 0;
        (void)snprintf(url, sizeof url, "%s%s", t->base, path);
        t->error[0] = '\0';
        buf_reset(&out->body);
        if (media != NULL) {
                (void)snprintf(type, sizeof type, "Content-Type: %s", media);
                headers = curl_slist_append(headers, type);
                headers = headers == NULL ? NULL : curl_slist_append(headers, "Expect:");
                if (headers == NULL)
                        return ERR_NO_MEMORY;
                (void)curl_easy_setopt(t->curl, CURLOPT_POST, 1L);
                (void)curl_easy_setopt(t->curl, CURLOPT_POSTFIELDS, (const char *)body.at);
                (void)curl_easy_setopt(t->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.n);
        } else {
                (void)curl_easy_setopt(t->curl, CURLOPT_HTTPGET, 1L);
        }
        (void)curl_easy_setopt(t->curl, CURLOPT_CUSTOMREQUEST, method);
        (void)curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, headers);
        (void)curl_easy_setopt(t->curl, CURLOPT_URL, url);
        (void)curl_easy_setopt(t->curl, CURLOPT_WRITEDATA, out);
        CURLcode code = curl_easy_perform(t->curl);
        (void)curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, NULL);
        curl_slist_free_all(headers);
        if (code != CURLE_OK)
                return curl_error(t, code, out, why);
        out->sent = true;
        (void)curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
        out->status = (int)status;
        return OK;
}

enum err transport_send(struct transport *t, const char *path, const char *media, struct bytes body,
                        struct response *out, struct why *why)
{
        return perform(t, NULL, path, media, body, out, why);
}

enum err transport_put(struct transport *t, const char *path, const char *media, struct bytes body,
                       struct response *out, struct why *why)
{
        return perform(t, "PUT", path, media, body, out, why);
}

enum err response_error(const struct response *r, struct why *why)
{
        enum err e = ERR_ANSWER;
        if (r->status >= 200 && r->status < 300)
                return OK;
        json_t *o = json_loadb((const char *)r->body.at, r->body.n, JSON_REJECT_DUPLICATES, NULL);
        const char *code = json_string_value(json_object_get(o, "code"));
        const char *detail = json_string_value(json_object_get(o, "detail"));
        if (code != NULL && err_of_code(code) != OK)
                e = err_of_code(code);
        e = why_set(why, e, "%.200s", detail != NULL ? detail : "");
        json_decref(o);
        return e;
}
