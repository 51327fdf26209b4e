#include "daemon/tls.h"

#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "ledger/crypto/certificate.h"

#define CERTIFICATE_MAX 16384 /* bytes of a client's certificates */
#define CURVE_NAME_MAX  64

struct tls {
        SSL_CTX *context;
        const struct listener_config *config;
};

static bool is_p256(X509 *certificate)
{
        char curve[CURVE_NAME_MAX] = "";
        size_t n;
        EVP_PKEY *key = X509_get0_pubkey(certificate);
        return key != NULL && EVP_PKEY_is_a(key, "EC") &&
               EVP_PKEY_get_group_name(key, curve, sizeof curve, &n) == 1 && strcmp(curve, "prime256v1") == 0;
}

static enum err key_hash(X509 *certificate, struct hash *out)
{
        unsigned char *der = NULL;
        int n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
        enum err e = n <= 0 ? ERR_CRYPTO : spki_hash(bytes_of(der, (size_t)n), out);
        OPENSSL_free(der);
        return e;
}

/* Instead of a chain: is it a P-256 key that the roster knows? That the client has the private key, TLS
 * itself shows. */
static int verify(X509_STORE_CTX *store, void *self)
{
        struct tls *t = self;
        struct hash key;
        SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
        X509 *leaf = X509_STORE_CTX_get0_cert(store);
        struct tls_peer *peer = ssl == NULL ? NULL : SSL_get_app_data(ssl);
        if (peer == NULL || leaf == NULL || !is_p256(leaf) || key_hash(leaf, &key) ||
            !t->config->knows_key(t->config->self, &key)) {
                X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_UNTRUSTED);
                return 0;
        }
        peer->has_key = true;
        peer->key = key;
        X509_STORE_CTX_set_error(store, X509_V_OK);
        return 1;
}

/* Without it an encrypted key would be asked for at the terminal. */
static int no_passphrase(char *out, int size, int writing, void *self)
{
        (void)out;
        (void)size;
        (void)writing;
        (void)self;
        return -1;
}

static enum err use_identity(SSL_CTX *context, const struct listener_config *config)
{
        BIO *certificate_pem = BIO_new_mem_buf(config->certificate_pem.at, (int)config->certificate_pem.n);
        BIO *key_pem = BIO_new_mem_buf(config->key_pem.at, (int)config->key_pem.n);
        X509 *certificate = NULL;
        EVP_PKEY *key = NULL;
        enum err e = ERR_NO_MEMORY;
        if (certificate_pem == NULL || key_pem == NULL)
                goto done;
        e = ERR_FORM;
        certificate = PEM_read_bio_X509(certificate_pem, NULL, NULL, NULL);
        key = PEM_read_bio_PrivateKey(key_pem, NULL, no_passphrase, NULL);
        if (certificate != NULL && key != NULL && SSL_CTX_use_certificate(context, certificate) == 1 &&
            SSL_CTX_use_PrivateKey(context, key) == 1 && SSL_CTX_check_private_key(context) == 1)
                e = OK;
done:
        X509_free(certificate);
        EVP_PKEY_free(key);
        BIO_free(certificate_pem);
        BIO_free(key_pem);
        return e;
}

static enum err set_up(struct tls *t)
{
        SSL_CTX *c = t->context;
        if (SSL_CTX_set_min_proto_version(c, TLS1_3_VERSION) != 1 ||
            SSL_CTX_set_max_proto_version(c, TLS1_3_VERSION) != 1 || SSL_CTX_set_num_tickets(c, 0) != 1 ||
            SSL_CTX_set1_groups_list(c, "X25519:P-256") != 1 ||
            SSL_CTX_set1_client_sigalgs_list(c, "ECDSA+SHA256") != 1)
                return ERR_CRYPTO;
        (void)SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
        (void)SSL_CTX_set_options(c, SSL_OP_NO_TICKET);
        (void)SSL_CTX_set_mode(c, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
        SSL_CTX_set_max_cert_list(c, CERTIFICATE_MAX);
        SSL_CTX_set_verify(c, SSL_VERIFY_PEER, NULL);
        SSL_CTX_set_cert_verify_callback(c, verify, t);
        return OK;
}

enum err tls_new(const struct listener_config *config, struct tls **out, struct why *why)
{
        struct tls *t = calloc(1, sizeof *t);
        enum err e = ERR_NO_MEMORY;
        if (t == NULL)
                return e;
        t->config = config;
        t->context = SSL_CTX_new(TLS_server_method());
        if (t->context == NULL)
                goto done;
        if ((e = set_up(t)))
                goto done;
        if ((e = use_identity(t->context, config))) {
                e = why_set(why, e, "the daemon's own certificate and key");
                goto done;
        }
        *out = t;
        t = NULL; /* given away */
done:
        ERR_clear_error();
        tls_free(t);
        return e;
}

void tls_free(struct tls *t)
{
        if (t == NULL)
                return;
        SSL_CTX_free(t->context);
        free(t);
}

SSL *tls_accept(struct tls *t, struct tls_peer *peer)
{
        SSL *ssl = SSL_new(t->context);
        if (ssl != NULL && SSL_set_app_data(ssl, peer) != 1) {
                SSL_free(ssl);
                return NULL;
        }
        return ssl;
}
