#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

#include "ledger/record/subject.h"
#include "schema/fields.h"
#include "schema/platforms.h"

/* What each address must become; NULL: it is no address of a profile. */
static const struct {
        const char *address, *canonical;
} cases[] = {
    /* One account, however it is written. */
    {"https://www.facebook.com/westmidlandspolice", "facebook:westmidlandspolice"},
    {"http://www.facebook.com/westmidlandspolice", "facebook:westmidlandspolice"},
    {"www.facebook.com/westmidlandspolice", "facebook:westmidlandspolice"},
    {"facebook.com/westmidlandspolice", "facebook:westmidlandspolice"},
    {"//facebook.com/westmidlandspolice", "facebook:westmidlandspolice"},
    {"HTTPS://WWW.FACEBOOK.COM/WestMidlandsPolice", "facebook:westmidlandspolice"},
    {"https://m.facebook.com/westmidlandspolice", "facebook:westmidlandspolice"},
    {"https://mobile.facebook.com/westmidlandspolice", "facebook:westmidlandspolice"},
    {"https://mbasic.facebook.com/westmidlandspolice", "facebook:westmidlandspolice"},
    {"https://touch.facebook.com/westmidlandspolice", "facebook:westmidlandspolice"},
    {"https://web.facebook.com/westmidlandspolice", "facebook:westmidlandspolice"},
    {"https://en-gb.facebook.com/westmidlandspolice", "facebook:westmidlandspolice"},
    {"https://de-de.facebook.com/westmidlandspolice", "facebook:westmidlandspolice"},
    {"https://www.facebook.com./westmidlandspolice", "facebook:westmidlandspolice"},
    {"https://www.facebook.com:443/westmidlandspolice", "facebook:westmidlandspolice"},
    {"http://www.facebook.com:80/westmidlandspolice", "facebook:westmidlandspolice"},
    {"https://www.facebook.com:/westmidlandspolice", "facebook:westmidlandspolice"},
    {"https://www.facebook.com/westmidlandspolice/", "facebook:westmidlandspolice"},
    {"https://www.facebook.com/westmidlandspolice//", "facebook:westmidlandspolice"},
    {"https://www.facebook.com//westmidlandspolice", "facebook:westmidlandspolice"},
    {"https://www.facebook.com/./westmidlandspolice", "facebook:westmidlandspolice"},
    {"https://www.facebook.com/other/../westmidlandspolice", "facebook:westmidlandspolice"},
    {"https://www.facebook.com/westmidlandspolice.", "facebook:westmidlandspolice"},
    {"  https://www.facebook.com/westmidlandspolice \n", "facebook:westmidlandspolice"},
    {"<https://www.facebook.com/westmidlandspolice>", "facebook:westmidlandspolice"},
    {"\"https://www.facebook.com/westmidlandspolice\",", "facebook:westmidlandspolice"},
    {"https://www.facebook.com/westmidlandspolice/about", "facebook:westmidlandspolice"},
    {"https://www.facebook.com/westmidlandspolice/photos/?ref=page_internal", "facebook:westmidlandspolice"},
    {"https://www.facebook.com/westmidlandspolice/posts/", "facebook:westmidlandspolice"},
    {"https://www.facebook.com/westmidlandspolice/posts/123456", "facebook:?westmidlandspolice/posts/123456"},
    {"https://www.facebook.com/westmidlandspolice?fbclid=IwAR0abc", "facebook:westmidlandspolice"},
    {"https://www.facebook.com/westmidlandspolice#top", "facebook:westmidlandspolice"},
    {"https://www.facebook.com/westmidlandspolice?__tn__=-UC%2CP-R&eid=1#", "facebook:westmidlandspolice"},
    {"https://www.facebook.com/%77estmidlandspolice", "facebook:westmidlandspolice"},
    {"https://www.faceboo%6b.com/westmidlandspolice", "facebook:westmidlandspolice"},
    {"https://www.facebook.com/west.midlands.police", "facebook:westmidlandspolice"},
    {"https://www.facebook.com/pg/westmidlandspolice/about", "facebook:westmidlandspolice"},
    {"https://m.me/westmidlandspolice", "facebook:westmidlandspolice"},
    {"https://fb.com/westmidlandspolice", "facebook:westmidlandspolice"},
    {"https:/www.facebook.com/westmidlandspolice", "facebook:westmidlandspolice"},
    {"https://\xef\xbd\x86"
     "acebook.com/westmidlandspolice",
     "facebook:westmidlandspolice"},
    /* Numbers of facebook. */
    {"https://www.facebook.com/profile.php?id=100064860875397", "facebook:id/100064860875397"},
    {"https://www.facebook.com/profile.php?sk=about&id=100064860875397", "facebook:id/100064860875397"},
    {"https://www.facebook.com/100064860875397", "facebook:id/100064860875397"},
    {"https://www.facebook.com/people/West-Midlands/100064860875397/", "facebook:id/100064860875397"},
    {"https://www.facebook.com/p/West-Midlands-Police-100064860875397/", "facebook:id/100064860875397"},
    {"https://www.facebook.com/pages/West-Midlands/100064860875397", "facebook:id/100064860875397"},
    {"https://www.facebook.com/pages/category/Police/West-Midlands-100064860875397/",
     "facebook:id/100064860875397"},
    {"https://www.facebook.com/permalink.php?story_fbid=77&id=100064860875397",
     "facebook:id/100064860875397"},
    {"https://www.facebook.com/groups/1234/user/100064860875397/", "facebook:id/100064860875397"},
    {"https://www.facebook.com/groups/birmingham.news", "facebook:groups/birmingham.news"},
    {"https://www.facebook.com/events/123456", "facebook:events/123456"},
    {"https://www.facebook.com/hashtag/Birmingham", "facebook:hashtag/birmingham"},
    /* What names no account. */
    {"https://www.facebook.com/share/1AbCdEf/", "facebook:?share/1AbCdEf"},
    {"https://www.facebook.com/share/p/1AbCdEf/?mibextid=wwXIfr", "facebook:?share/p/1AbCdEf"},
    {"https://www.facebook.com/photo.php?fbid=12&set=a.3", "facebook:?photo.php?fbid=12&set=a.3"},
    {"https://www.facebook.com/photo?set=a.3&fbid=12", "facebook:?photo?fbid=12&set=a.3"},
    {"https://www.facebook.com/profile.php", "facebook:?profile.php"},
    {"https://www.facebook.com/profile.php?id=john", "facebook:?profile.php?id=john"},
    {"https://www.facebook.com/reel/123", "facebook:?reel/123"},
    {"https://www.facebook.com/watch/?v=123", "facebook:?watch?v=123"},
    {"https://www.facebook.com/groups/1234/posts/5678", "facebook:?groups/1234/posts/5678"},
    {"https://www.facebook.com/login", "facebook:?login"},
    {"https://fb.watch/aBcD/", "facebook:?fb.watch/aBcD"},
    {"https://l.facebook.com/l.php?u=https%3A%2F%2Fx.com%2Fa", "x:a"},
    /* Tricks. */
    {"https://facebook.com@evil.example/", "web:evil.example"},
    {"https://www.facebook.com:pass@evil.example/westmidlandspolice", "web:evil.example/westmidlandspolice"},
    {"https://@facebook.com/westmidlandspolice", "facebook:westmidlandspolice"},
    {"https://facebook.com\\@evil.example/westmidlandspolice", NULL},
    {"https://facebook.com%40evil.example/", NULL},
    {"https://facebook.com.evil.example/westmidlandspolice",
     "web:facebook.com.evil.example/westmidlandspolice"},
    {"https://evil.example/facebook.com/westmidlandspolice",
     "web:evil.example/facebook.com/westmidlandspolice"},
    {"https://notfacebook.com/westmidlandspolice", "web:notfacebook.com/westmidlandspolice"},
    {"https://facebook.com:8443/westmidlandspolice", "web:facebook.com:8443/westmidlandspolice"},
    {"https://developers.facebook.com/docs", "web:developers.facebook.com/docs"},
    {"https://\xd0\xb0"
     "cebook.com/x",
     "web:xn--cebook-2nf.com/x"},
    {"javascript:alert(1)", NULL},
    {"mailto:a@b.example", NULL},
    {"ftp://facebook.com/westmidlandspolice", NULL},
    {"fb://profile/123", NULL},
    {"somebody@example.org", NULL},
    {"@somebody", NULL},
    {"", NULL},
    {"   ", NULL},
    {"hello", NULL},
    {"two words.example", NULL},
    {"https://", NULL},
    {"https://.", NULL},
    {"https://facebook..com/x", NULL},
    {"https://facebook.com../x", NULL},
    {"https://face book.com/x", NULL},
    {"https://facebook.com/", NULL},
    {"https://facebook.com/...", NULL},
    {"https://facebook.com:99999/x", NULL},
    {"https://facebook.com:x/x", NULL},
    {"https://localhost/x", NULL},
    {"https://exa%00mple.com/x", NULL},
    {"https://example.com/\x01", NULL},
    {"https://example.com/\xff", NULL},
    /* x, once twitter. */
    {"https://x.com/metpoliceuk", "x:metpoliceuk"},
    {"https://twitter.com/metpoliceuk", "x:metpoliceuk"},
    {"https://mobile.twitter.com/MetPoliceUK", "x:metpoliceuk"},
    {"https://www.x.com/@metpoliceuk", "x:metpoliceuk"},
    {"https://x.com/metpoliceuk/with_replies", "x:metpoliceuk"},
    {"https://x.com/metpoliceuk/media", "x:metpoliceuk"},
    {"https://x.com/metpoliceuk/status/1790000000000000000?s=20&t=abc", "x:?status/1790000000000000000"},
    {"https://twitter.com/#!/metpoliceuk", "x:metpoliceuk"},
    {"https://twitter.com/intent/user?screen_name=metpoliceuk", "x:metpoliceuk"},
    {"https://nitter.net/metpoliceuk", "web:nitter.net/metpoliceuk"},
    {"https://x.com/i/user/66967746", "x:id/66967746"},
    {"https://twitter.com/intent/user?user_id=66967746", "x:id/66967746"},
    {"https://x.com/i/status/1790000000000000000", "x:?status/1790000000000000000"},
    {"https://x.com/search?q=metpoliceuk&src=typed_query", "x:?search?q=metpoliceuk&src=typed_query"},
    {"https://x.com/hashtag/London", "x:hashtag/london"},
    {"https://t.co/AbCd", "x:?t.co/AbCd"},
    {"https://t.co/abcd", "x:?t.co/abcd"},
    /* Other large platforms. */
    {"https://www.instagram.com/metpolice_uk/", "instagram:metpolice_uk"},
    {"https://instagram.com/MetPolice_UK?igshid=abc", "instagram:metpolice_uk"},
    {"https://www.instagram.com/metpolice_uk/reels/", "instagram:metpolice_uk"},
    {"https://www.instagram.com/metpolice_uk/p/Cabc/", "instagram:?p/Cabc"},
    {"https://www.instagram.com/stories/metpolice_uk/123/", "instagram:metpolice_uk"},
    {"https://www.instagram.com/p/Cabc/", "instagram:?p/Cabc"},
    {"https://www.instagram.com/reel/Cabc/?igsh=xyz", "instagram:?p/Cabc"},
    {"https://www.instagram.com/stories/highlights/179/", "instagram:?stories/highlights/179"},
    {"https://www.instagram.com/explore/tags/london/", "instagram:hashtag/london"},
    {"https://www.instagram.com/john.smith", "instagram:john.smith"},
    {"https://www.instagram.com/johnsmith", "instagram:johnsmith"},
    {"https://www.threads.net/@metpolice_uk", "threads:metpolice_uk"},
    {"https://www.threads.com/@metpolice_uk/post/Cabc", "threads:?post/Cabc"},
    {"https://www.threads.net/t/Cabc", "threads:?post/Cabc"},
    {"https://www.tiktok.com/@homeoffice?lang=en", "tiktok:homeoffice"},
    {"https://www.tiktok.com/@HomeOffice/video/7200000000000000000?is_from_webapp=1",
     "tiktok:?video/7200000000000000000"},
    {"https://vm.tiktok.com/ZMabc/", "tiktok:?vm.tiktok.com/ZMabc"},
    {"https://www.tiktok.com/t/ZTabc/", "tiktok:?t/ZTabc"},
    {"https://www.youtube.com/@homeoffice", "youtube:homeoffice"},
    {"https://m.youtube.com/@HomeOffice/videos", "youtube:homeoffice"},
    {"https://youtube.com/%40homeoffice?si=abc", "youtube:homeoffice"},
    {"https://www.youtube.com/channel/UCabcDEF", "youtube:channel/UCabcDEF"},
    {"https://music.youtube.com/channel/UCabcDEF", "youtube:channel/UCabcDEF"},
    {"https://www.youtube.com/channel/UCabcdef", "youtube:channel/UCabcdef"},
    {"https://www.youtube.com/c/HomeOffice", "youtube:c/homeoffice"},
    {"https://www.youtube.com/user/UKHomeOffice/about", "youtube:user/ukhomeoffice"},
    {"https://www.youtube.com/homeoffice", "youtube:name/homeoffice"},
    {"https://www.youtube.com/watch?v=dQw4w9WgXcQ&feature=share", "youtube:?watch/dQw4w9WgXcQ"},
    {"https://youtu.be/dQw4w9WgXcQ?si=abc", "youtube:?watch/dQw4w9WgXcQ"},
    {"https://www.reddit.com/user/spez/", "reddit:spez"},
    {"https://old.reddit.com/u/Spez/comments", "reddit:spez"},
    {"https://np.reddit.com/r/u_spez", "reddit:spez"},
    {"https://www.reddit.com/r/london/", "reddit:r/london"},
    {"https://www.reddit.com/r/london/comments/abc/title/", "reddit:?comments/abc"},
    {"https://www.linkedin.com/in/john-smith-1a2b3c/", "linkedin:in/john-smith-1a2b3c"},
    {"https://uk.linkedin.com/in/John-Smith-1a2b3c?trk=public_profile", "linkedin:in/john-smith-1a2b3c"},
    {"https://www.linkedin.com/company/west-midlands-police/posts/", "linkedin:company/west-midlands-police"},
    {"https://www.linkedin.com/in/west-midlands-police", "linkedin:in/west-midlands-police"},
    {"https://www.linkedin.com/feed/update/urn:li:activity:7/", "linkedin:?feed/update/urn:li:activity:7"},
    {"https://lnkd.in/abc", "linkedin:?lnkd.in/abc"},
    {"https://www.snapchat.com/add/somebody", "snapchat:somebody"},
    {"https://www.snapchat.com/@somebody", "snapchat:somebody"},
    {"https://story.snapchat.com/s/somebody", "snapchat:somebody"},
    {"https://t.me/durov", "telegram:durov"},
    {"https://t.me/s/Durov", "telegram:durov"},
    {"https://telegram.me/durov/123", "telegram:durov"},
    {"https://durov.t.me/", "telegram:durov"},
    {"https://t.me/+AbCd", "telegram:?invite/AbCd"},
    {"https://t.me/joinchat/AbCd", "telegram:?invite/AbCd"},
    {"https://t.me/c/12345/6", "telegram:c/12345"},
    {"https://wa.me/447700900123", "whatsapp:447700900123"},
    {"https://wa.me/+44%207700-900123?text=hi", "whatsapp:447700900123"},
    {"https://api.whatsapp.com/send?phone=447700900123&text=hi", "whatsapp:447700900123"},
    {"https://chat.whatsapp.com/AbCd", "whatsapp:?invite/AbCd"},
    {"https://discord.com/users/80351110224678912", "discord:80351110224678912"},
    {"https://discord.com/invite/test", "discord:?invite/test"},
    {"https://discord.gg/Test", "discord:?invite/Test"},
    {"https://www.pinterest.co.uk/somebody/board/", "pinterest:somebody"},
    {"https://de.pinterest.com/Somebody", "pinterest:somebody"},
    {"https://pinterest.de/somebody", "pinterest:somebody"},
    {"https://www.pinterest.com/pin/12345/", "pinterest:?pin/12345"},
    {"https://pinterest.evil/somebody", "web:pinterest.evil/somebody"},
    {"https://bsky.app/profile/somebody.bsky.social", "bluesky:somebody.bsky.social"},
    {"https://bsky.app/profile/somebody.bsky.social/post/3k", "bluesky:somebody.bsky.social"},
    {"https://somebody.bsky.social", "bluesky:somebody.bsky.social"},
    {"https://bsky.app/profile/did:plc:abc234", "bluesky:did:plc:abc234"},
    {"https://github.com/torvalds/linux", "github:torvalds"},
    {"https://gist.github.com/Torvalds", "github:torvalds"},
    {"https://medium.com/@somebody/title-1a2b", "medium:somebody"},
    {"https://somebody.medium.com/", "medium:somebody"},
    {"https://medium.com/p/1a2b", "medium:?p/1a2b"},
    {"https://www.twitch.tv/somebody/videos", "twitch:somebody"},
    {"https://www.twitch.tv/videos/123", "twitch:?videos/123"},
    {"https://clips.twitch.tv/Abc", "twitch:?clip/Abc"},
    {"https://m.vk.com/durov", "vk:durov"},
    {"https://vk.ru/id1", "vk:id1"},
    {"https://vk.com/wall-1_2", "vk:?wall-1_2"},
    {"https://vk.com/wallace", "vk:wallace"},
    {"https://somebody.tumblr.com/post/1/title", "tumblr:somebody"},
    {"https://www.tumblr.com/somebody/1/title", "tumblr:somebody"},
    {"https://www.tumblr.com/blog/view/somebody", "tumblr:somebody"},
    {"https://de.tumblr.com/", "tumblr:de"},
    {"https://www.tumblr.com/tagged/cats", "tumblr:?tagged/cats"},
    {"https://www.flickr.com/photos/12037949754@N01/", "flickr:12037949754@n01"},
    {"https://www.flickr.com/people/12037949754@N01", "flickr:12037949754@n01"},
    {"https://steamcommunity.com/id/somebody", "steam:id/somebody"},
    {"https://steamcommunity.com/profiles/76561197960287930/games", "steam:profiles/76561197960287930"},
    {"https://on.soundcloud.com/AbCd", "soundcloud:?on.soundcloud.com/AbCd"},
    {"https://soundcloud.com/somebody/track", "soundcloud:somebody"},
    {"https://vimeo.com/123456", "vimeo:?video/123456"},
    {"https://news.ycombinator.com/user?id=pg", "hacker-news:pg"},
    {"https://news.ycombinator.com/user?id=PG", "hacker-news:PG"},
    {"https://www.ebay.co.uk/usr/somebody", "ebay:somebody"},
    {"https://www.ebay.de/usr/Somebody", "ebay:somebody"},
    {"https://www.ebay.com/str/somebody", "ebay:str/somebody"},
    {"https://www.goodreads.com/user/show/123-somebody", "goodreads:123"},
    {"https://cash.app/$Somebody", "cash-app:somebody"},
    {"https://somebody.blogspot.co.uk/2020/01/x.html", "blogger:somebody"},
    {"https://somebody.blogspot.com", "blogger:somebody"},
    {"https://en.wikipedia.org/wiki/User:Jimbo_Wales", "wikipedia:Jimbo_Wales"},
    {"https://en.wikipedia.org/wiki/London", "wikipedia:?wiki/London"},
    {"https://lichess.org/@/Thibault/all", "lichess:thibault"},
    {"https://www.npmjs.com/~npm", "npm:npm"},
    {"https://bit.ly/AbCd", "short-link:?bit.ly/AbCd"},
    /* The fediverse. */
    {"@Gargron@mastodon.social", "fediverse:gargron@mastodon.social"},
    {"acct:gargron@mastodon.social", "fediverse:gargron@mastodon.social"},
    {"https://mastodon.social/@Gargron", "fediverse:gargron@mastodon.social"},
    {"https://mastodon.social/@Gargron/112233/reblogs", "fediverse:gargron@mastodon.social"},
    {"https://mastodon.social/web/@Gargron", "fediverse:gargron@mastodon.social"},
    {"https://mastodon.social/users/gargron/followers", "fediverse:gargron@mastodon.social"},
    {"https://mastodon.online/@Gargron@mastodon.social", "fediverse:gargron@mastodon.social"},
    {"https://mastodon.online/@Gargron", "fediverse:gargron@mastodon.online"},
    {"https://social.example/@user", "fediverse:user@social.example"},
    {"https://www.social.example:3000/@user", "fediverse:user@social.example:3000"},
    {"https://mastodon.social/@zuck@threads.net", "threads:zuck"},
    {"@zuck@threads.net", "threads:zuck"},
    {"@@", NULL},
    {"@user@", NULL},
    {"@us/er@host.example", NULL},
    {"@user@host.example/path", NULL},
    {"https://site.example/users/show/1", "web:site.example/users/show/1"},
    {"https://site.example/users/show/2", "web:site.example/users/show/2"},
    {"https://site.example/users/12345", "web:site.example/users/12345"},
    {"https://site.example/users/a?tab=2", "web:site.example/users/a?tab=2"},
    /* Sites that are not in the table. */
    {"https://www.example.org/People/John/", "web:example.org/People/John"},
    {"http://EXAMPLE.org/People/John?utm_source=a&utm_medium=b", "web:example.org/People/John"},
    {"https://m.example.org/People/John", "web:example.org/People/John"},
    {"https://example.org/people/john", "web:example.org/people/john"},
    {"https://example.org/p?b=2&a=1", "web:example.org/p?a=1&b=2"},
    {"https://example.org/p?a=1&b=2&fbclid=x", "web:example.org/p?a=1&b=2"},
    {"https://example.org/p?a=1+2", "web:example.org/p?a=1%202"},
    {"https://example.org/p?a=1%202", "web:example.org/p?a=1%202"},
    {"https://example.org/p?a=1%2b2", "web:example.org/p?a=1%2B2"},
    {"https://example.org/p?a=%26b=2", "web:example.org/p?a=%26b=2"},
    {"https://example.org/p?&&a", "web:example.org/p?a="},
    {"https://example.org/p/#comments", "web:example.org/p"},
    {"https://example.org/app#/user/john", "web:example.org/app#/user/john"},
    {"https://example.org/app#/user/jane", "web:example.org/app#/user/jane"},
    {"https://example.org/app?b=1#/user/jane?tab=2", "web:example.org/app?b=1&tab=2#/user/jane"},
    {"https://example.org/#!/user/jane", "web:example.org/#/user/jane"},
    {"https://example.org", "web:example.org"},
    {"https://example.org/?id=5", "web:example.org/?id=5"},
    {"https://example.org/a%2Fb", "web:example.org/a%2Fb"},
    {"https://example.org/a%2fb", "web:example.org/a%2Fb"},
    {"https://example.org/a/b", "web:example.org/a/b"},
    {"https://example.org/%E4", "web:example.org/%E4"},
    {"https://example.org/100%", "web:example.org/100%25"},
    {"https://example.org/a./..", "web:example.org"},
    {"https://example.org/a./.", "web:example.org/a"},
    {"https://example.org/a./...", NULL},
    {"https://example.org/...#/.../", "web:example.org"},
    {"https://example.org/%7Ejohn", "web:example.org/~john"},
    {"https://example.org/%2e%2e/john", "web:example.org/john"},
    {"https://example.org/Докеси", "web:example.org/Докеси"},
    {"https://example.org/%D0%94%D0%BE%D0%BA%D0%B5%D1%81%D0%B8", "web:example.org/Докеси"},
    {"https://Bücher.example/x", "web:xn--bcher-kva.example/x"},
    {"https://BÜCHER.example/x", "web:xn--bcher-kva.example/x"},
    {"https://b%C3%BCcher.example/x", "web:xn--bcher-kva.example/x"},
    {"https://xn--bcher-kva.example/x", "web:xn--bcher-kva.example/x"},
    {"https://192.0.2.7/x", "web:192.0.2.7/x"},
    {"https://192.0.2.7./x", "web:192.0.2.7/x"},
    {"https://3221225991/x", "web:192.0.2.7/x"},
    {"https://192.0./x", NULL},
    {"https://192.0.2.256./x", NULL},
    {"https://example.1/x", NULL},
    {"https://[2001:DB8::7]/x", "web:[2001:db8::7]/x"},
};

static void each_address_has_its_form(void **state)
{
        size_t n = sizeof cases / sizeof cases[0], wrong = 0;

        (void)state;
        assert_true(n >= 150);
        for (size_t i = 0; i < n; i++) {
                struct subject s = {.canonical = ""};
                enum err e = subject_of_address(bytes_text(cases[i].address), &s);

                if (cases[i].canonical == NULL ? e == ERR_ADDRESS && s.canonical[0] == '\0'
                                               : e == OK && strcmp(s.canonical, cases[i].canonical) == 0)
                        continue;
                print_error("%s\n  is      %s\n  must be %s\n", cases[i].address,
                            e ? err_row(e)->name : s.canonical,
                            cases[i].canonical ? cases[i].canonical : "ERR_ADDRESS");
                wrong++;
        }
        assert_int_equal(wrong, 0);
}

static bool has_word(const char *field, const char *word)
{
        return vocabulary_has(field_of_name(KIND_INTENT, field, strlen(field))->vocabulary, word,
                              strlen(word));
}

static void the_parts_agree(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                char whole[SUBJECT_CANONICAL_MAX + 1];
                struct subject s;

                if (cases[i].canonical == NULL)
                        continue;
                assert_int_equal(subject_of_address(bytes_text(cases[i].address), &s), OK);
                snprintf(whole, sizeof whole, "%s:%.255s", s.platform, s.account);
                assert_string_equal(whole, s.canonical);
                assert_int_equal(s.resolved, s.account[0] != '?');
                assert_int_equal(strcmp(s.platform, "web") == 0 && s.listed, false);
                assert_true(has_word("target_kind", s.target_kind));
                assert_true(has_word("openness", s.openness));
                if (!s.resolved)
                        assert_string_equal(s.handle, "");
        }
}

static void assert_guess(const char *address, const char *handle, const char *target_kind,
                         const char *openness, bool listed)
{
        struct subject s;

        assert_int_equal(subject_of_address(bytes_text(address), &s), OK);
        assert_string_equal(s.handle, handle);
        assert_string_equal(s.target_kind, target_kind);
        assert_string_equal(s.openness, openness);
        assert_int_equal(s.listed, listed);
}

static void handles_and_guesses(void **state)
{
        (void)state;
        assert_guess("https://www.facebook.com/West.Midlands", "West.Midlands", "account", "public-login",
                     true);
        assert_guess("https://www.facebook.com/groups/Some", "Some", "group/page", "public-login", true);
        assert_guess("https://www.linkedin.com/company/WMP", "WMP", "organisation", "public-login", true);
        assert_guess("https://x.com/hashtag/London", "London", "hashtag/term", "public-login", true);
        assert_guess("https://x.com/@MetPoliceUK", "MetPoliceUK", "account", "public-login", true);
        assert_guess("@Gargron@mastodon.social", "Gargron", "account", "public-no-login", true);
        assert_guess("https://social.example/@Gargron", "Gargron", "account", "public-no-login", false);
        assert_guess("https://example.org/x", "", "account", "unknown", false);
}

/* Cut, but still told apart, and never longer than its room. */
static void long_accounts_are_cut_and_told_apart(void **state)
{
        char a[1400], b[1400], path[1300];
        struct subject s, t;

        (void)state;
        for (size_t i = 0; i + 2 < sizeof path; i += 2)
                memcpy(path + i, "\xc3\xa9", 2);
        path[sizeof path - 2] = '\0';
        for (size_t shift = 0; shift < 4; shift++) {
                snprintf(a, sizeof a, "https://example.org/%.*s%s1", (int)shift, "abcd", path);
                snprintf(b, sizeof b, "https://example.org/%.*s%s2", (int)shift, "abcd", path);
                assert_int_equal(subject_of_address(bytes_text(a), &s), OK);
                assert_int_equal(subject_of_address(bytes_text(b), &t), OK);
                assert_string_not_equal(s.canonical, t.canonical);
                assert_true(strlen(s.account) <= SUBJECT_ACCOUNT_MAX &&
                            strlen(s.account) > SUBJECT_ACCOUNT_MAX - 4);
                assert_true(bytes_utf8_valid(bytes_text(s.canonical)));
        }
}

static void lengths_have_limits(void **state)
{
        char address[2100] = "https://example.org/";
        struct subject s;
        size_t n = strlen(address);

        (void)state;
        memset(address + n, 'a', 2000 - n);
        assert_int_equal(subject_of_address(bytes_of(address, 2000), &s), OK);
        address[2000] = 'a';
        assert_int_equal(subject_of_address(bytes_of(address, 2001), &s), ERR_TOO_LONG);
        for (size_t i = n; i < 2000; i++)
                address[i] = i % 2 ? '/' : 'a';
        assert_int_equal(subject_of_address(bytes_of(address, 2000), &s), ERR_TOO_LONG);
}

/* Prefixes and flipped bits of good addresses: an answer or a refusal, in the one form that is stable when
 * read again. */
static void check_any(struct bytes address)
{
        struct subject s, again;
        enum err e = subject_of_address(address, &s);
        char back[400];

        assert_true(e == OK || e == ERR_ADDRESS || e == ERR_TOO_LONG);
        if (e != OK)
                return;
        assert_true(bytes_utf8_valid(bytes_text(s.canonical)));
        assert_null(strpbrk(s.canonical, " \t\r\n\\"));
        if (strcmp(s.platform, "web") != 0 || strchr(",;)!:", s.account[strlen(s.account) - 1]) != NULL)
                return; /* what ends so loses it when it is pasted again */
        snprintf(back, sizeof back, "https://%s", s.account);
        assert_int_equal(subject_of_address(bytes_text(back), &again), OK);
        assert_string_equal(again.canonical, s.canonical);
}

static void prefixes_and_flips_are_answered(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i += 3) {
                size_t n = strlen(cases[i].address);
                char *copy = malloc(n + 1);

                assert_non_null(copy);
                for (size_t length = 0; length <= n; length++)
                        check_any(bytes_of(cases[i].address, length));
                for (size_t bit = 0; bit < 8 * n; bit++) {
                        memcpy(copy, cases[i].address, n);
                        copy[bit / 8] = (char)((unsigned char)copy[bit / 8] ^ (1u << bit % 8));
                        check_any(bytes_of(copy, n));
                }
                free(copy);
        }
}

static void references_and_terms(void **state)
{
        struct subject s;

        (void)state;
        assert_int_equal(subject_of_reference(bytes_text(" NOM 12/345 "), &s), OK);
        assert_string_equal(s.canonical, "ref:nom 12/345");
        assert_string_equal(s.target_kind, "named-person");
        assert_int_equal(subject_of_term(bytes_text("Knife  \t Birmingham"), &s), OK);
        assert_string_equal(s.canonical, "term:knife birmingham");
        assert_true(s.listed && s.resolved);
        assert_true(has_word("target_kind", s.target_kind) && has_word("openness", s.openness));
        assert_int_equal(subject_of_term(bytes_text("  "), &s), ERR_ADDRESS);
        assert_int_equal(subject_of_term(bytes_text(""), &s), ERR_ADDRESS);
        assert_int_equal(subject_of_term(bytes_text("\xff"), &s), ERR_UTF8);
}

static void the_table_is_sound(void **state)
{
        (void)state;
        assert_true(platforms_count >= 50);
        for (size_t i = 0; i < platforms_count; i++) {
                const struct platform *p = &platforms[i];

                assert_int_equal(strspn(p->name, "abcdefghijklmnopqrstuvwxyz0123456789-"), strlen(p->name));
                assert_true(strlen(p->name) <= SUBJECT_PLATFORM_MAX && p->hosts[0] != NULL &&
                            p->patterns[0].prefix != NULL);
                assert_true(has_word("openness", p->openness));
                for (size_t j = 0; p->patterns[j].prefix != NULL; j++) {
                        assert_int_equal(p->patterns[j].prefix[0], '/');
                        const char *query = strchr(p->patterns[j].prefix, '?');

                        if (p->patterns[j].place == PLACE_QUERY || p->patterns[j].place == PLACE_REDIRECT)
                                assert_non_null(query);
                        else if (p->patterns[j].place != PLACE_UNRESOLVED)
                                assert_null(query);
                        assert_true(has_word("target_kind", p->patterns[j].target));
                }
                for (size_t j = 0; p->hosts[j] != NULL; j++) {
                        for (size_t k = 0; k <= i; k++)
                                for (size_t l = 0; platforms[k].hosts[l] != NULL && (k < i || l < j); l++)
                                        assert_string_not_equal(p->hosts[j], platforms[k].hosts[l]);
                }
        }
}

/* Every row must be reached by an address of its own host. */
static void every_row_is_reached(void **state)
{
        (void)state;
        for (size_t i = 0; i < platforms_count; i++) {
                for (size_t j = 0; platforms[i].hosts[j] != NULL; j++) {
                        const char *host = platforms[i].hosts[j];
                        bool star = host[0] == '*';
                        char address[200];
                        struct subject s;

                        snprintf(address, sizeof address, "%s%s/zq", star ? "zq" : "", host + star);
                        if (subject_of_address(bytes_text(address), &s) != OK ||
                            strcmp(s.platform, platforms[i].name) != 0 || !s.listed)
                                fail_msg("%s", address);
                }
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(each_address_has_its_form),
            cmocka_unit_test(the_parts_agree),
            cmocka_unit_test(handles_and_guesses),
            cmocka_unit_test(long_accounts_are_cut_and_told_apart),
            cmocka_unit_test(lengths_have_limits),
            cmocka_unit_test(prefixes_and_flips_are_answered),
            cmocka_unit_test(references_and_terms),
            cmocka_unit_test(the_table_is_sound),
            cmocka_unit_test(every_row_is_reached),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
