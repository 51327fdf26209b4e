#include "schema/platforms.h"

#define PATTERN(prefix, place, type, target, marks)                                                          \
        {                                                                                                    \
                prefix, place, type, target, marks                                                           \
        }
#define ACCOUNT(prefix)             PATTERN(prefix, PLACE_PATH, "", "account", 0)
#define TYPED(prefix, type)         PATTERN(prefix, PLACE_PATH, type, "account", 0)
#define MARKED(prefix, type, marks) PATTERN(prefix, PLACE_PATH, type, "account", marks)
#define GROUP(prefix, type)         PATTERN(prefix, PLACE_PATH, type, "group/page", 0)
#define BODY(prefix, type)          PATTERN(prefix, PLACE_PATH, type, "organisation", 0)
#define TERM(prefix, type)          PATTERN(prefix, PLACE_PATH, type, "hashtag/term", 0)
#define EVENT(prefix, type)         PATTERN(prefix, PLACE_PATH, type, "event", 0)
#define QUERY(prefix, type, marks)  PATTERN(prefix, PLACE_QUERY, type, "account", marks)
#define SUBDOMAIN(type)             PATTERN("/", PLACE_SUBDOMAIN, type, "account", 0)
#define REDIRECT(prefix)            PATTERN(prefix, PLACE_REDIRECT, "", "account", 0)
#define NO_ACCOUNT(prefix)          PATTERN(prefix, PLACE_UNRESOLVED, "", "account", 0)
#define NO_NUMBER(prefix)           PATTERN(prefix, PLACE_UNRESOLVED, "", "account", PATTERN_DIGITS)
#define POST(prefix, type)          PATTERN(prefix, PLACE_UNRESOLVED, type, "account", 0)
#define END                         PATTERN(NULL, PLACE_PATH, "", "", 0)
#define LIST(...)                   ((const char *const[]){__VA_ARGS__, NULL})
#define NONE                        ((const char *const[]){NULL})

/* Where many sites have their accounts. */
static const struct platform_pattern root[] = {ACCOUNT("/"), END};
static const struct platform_pattern at[] = {ACCOUNT("/@"), END};
static const struct platform_pattern tilde[] = {ACCOUNT("/~"), END};
static const struct platform_pattern user[] = {ACCOUNT("/user/"), END};
static const struct platform_pattern users[] = {ACCOUNT("/users/"), END};
static const struct platform_pattern u[] = {ACCOUNT("/u/"), END};
static const struct platform_pattern p[] = {ACCOUNT("/p/"), END};
static const struct platform_pattern profile[] = {ACCOUNT("/profile/"), END};
static const struct platform_pattern people[] = {ACCOUNT("/people/"), END};
static const struct platform_pattern member[] = {ACCOUNT("/member/"), END};
static const struct platform_pattern subdomain[] = {SUBDOMAIN(""), END};
static const struct platform_pattern root_or_subdomain[] = {SUBDOMAIN(""), ACCOUNT("/"), END};
static const struct platform_pattern no_account[] = {NO_ACCOUNT("/"), END};

static const struct platform_pattern facebook[] = {
    REDIRECT("/l.php?u"), REDIRECT("/flx/warn?u"), REDIRECT("/login?next"), REDIRECT("/login.php?next"),
    REDIRECT("/login/web?next"), QUERY("/profile.php?id", "id", PATTERN_DIGITS),
    QUERY("/story.php?id", "id", PATTERN_DIGITS), QUERY("/permalink.php?id", "id", PATTERN_DIGITS),
    MARKED("/people/*/", "id", PATTERN_DIGITS), MARKED("/pages/category/*/", "id", PATTERN_TAIL),
    MARKED("/pages/*/", "id", PATTERN_DIGITS), MARKED("/p/", "id", PATTERN_TAIL),
    MARKED("/profile/", "id", PATTERN_DIGITS), MARKED("/marketplace/profile/", "id", PATTERN_DIGITS),
    MARKED("/groups/*/user/", "id", PATTERN_DIGITS), NO_ACCOUNT("/groups/*/posts/"),
    NO_ACCOUNT("/groups/*/permalink/"), GROUP("/groups/", "groups"),
    PATTERN("/events/s/*/", PLACE_PATH, "events", "event", PATTERN_DIGITS),
    PATTERN("/events/", PLACE_PATH, "events", "event", PATTERN_DIGITS), TERM("/hashtag/", "hashtag"),
    NO_ACCOUNT("/pg/*/posts/"), NO_ACCOUNT("/pg/*/photos/"), NO_ACCOUNT("/pg/*/videos/"), ACCOUNT("/pg/"),
    /* Facebook may lead on from any name to whose post it is. */
    NO_ACCOUNT("/*/posts/"), NO_ACCOUNT("/*/photos/"), NO_ACCOUNT("/*/videos/"),
    MARKED("/", "id", PATTERN_TAIL), ACCOUNT("/"), END};
static const struct platform_pattern x[] = {
    REDIRECT("/i/flow/login?redirect_after_login"), REDIRECT("/login?redirect_after_login"),
    MARKED("/i/user/", "id", PATTERN_DIGITS), QUERY("/intent/user?screen_name", "", 0),
    QUERY("/intent/follow?screen_name", "", 0), QUERY("/intent/user?user_id", "id", PATTERN_DIGITS),
    QUERY("/intent/follow?user_id", "id", PATTERN_DIGITS), TERM("/hashtag/", "hashtag"),
    /* x.com leads on from any name to whose post it is. */
    POST("/i/web/status/", "status"), POST("/*/status/", "status"), POST("/*/statuses/", "status"),
    NO_ACCOUNT("/*/article/"), ACCOUNT("/"), END};
static const struct platform_pattern instagram[] = {REDIRECT("/accounts/login?next"),
                                                    NO_ACCOUNT("/reels/audio/"),
                                                    POST("/p/", "p"),
                                                    POST("/reel/", "p"),
                                                    POST("/reels/", "p"),
                                                    POST("/tv/", "p"),
                                                    POST("/*/p/", "p"),
                                                    POST("/*/reel/", "p"),
                                                    POST("/*/tv/", "p"),
                                                    NO_ACCOUNT("/stories/highlights/"),
                                                    ACCOUNT("/stories/"),
                                                    TERM("/explore/tags/", "hashtag"),
                                                    ACCOUNT("/_u/"),
                                                    ACCOUNT("/"),
                                                    END};
static const struct platform_pattern instagram_message[] = {ACCOUNT("/m/"), END};
static const struct platform_pattern tiktok[] = {REDIRECT("/login?redirect_url"), POST("/*/video/", "video"),
                                                 POST("/*/photo/", "video"),      ACCOUNT("/@"),
                                                 TERM("/tag/", "hashtag"),        END};
static const struct platform_pattern snapchat[] = {NO_ACCOUNT("/*/spotlight/"), ACCOUNT("/add/"),
                                                   ACCOUNT("/@"), ACCOUNT("/u/"), END};
static const struct platform_pattern linkedin[] = {REDIRECT("/authwall?sessionRedirect"),
                                                   REDIRECT("/login?session_redirect"),
                                                   REDIRECT("/uas/login?session_redirect"),
                                                   REDIRECT("/safety/go?url"),
                                                   REDIRECT("/redir/redirect?url"),
                                                   MARKED("/in/ACoAA", "member", PATTERN_KEEPS_CASE),
                                                   TYPED("/in/", "in"),
                                                   TYPED("/mwlite/in/", "in"),
                                                   TYPED("/comm/in/", "in"),
                                                   QUERY("/profile/view?id", "id", PATTERN_KEEPS_CASE),
                                                   NO_ACCOUNT("/pub/dir/"),
                                                   MARKED("/pub/", "pub", PATTERN_REST),
                                                   BODY("/company/", "company"),
                                                   BODY("/organization-guest/company/", "company"),
                                                   BODY("/school/", "school"),
                                                   BODY("/showcase/", "showcase"),
                                                   GROUP("/groups/", "groups"),
                                                   END};
static const struct platform_pattern youtube[] = {REDIRECT("/redirect?q"),
                                                  POST("/watch?v", "watch"),
                                                  POST("/shorts/", "watch"),
                                                  NO_ACCOUNT("/embed/videoseries"),
                                                  POST("/embed/", "watch"),
                                                  POST("/live/", "watch"),
                                                  POST("/v/", "watch"),
                                                  POST("/e/", "watch"),
                                                  ACCOUNT("/@"),
                                                  MARKED("/channel/", "channel", PATTERN_KEEPS_CASE),
                                                  TYPED("/c/", "c"),
                                                  TYPED("/user/", "user"),
                                                  QUERY("/profile?user", "user", 0),
                                                  TERM("/hashtag/", "hashtag"),
                                                  TYPED("/", "name"),
                                                  END};
static const struct platform_pattern reddit[] = {POST("/user/*/comments/", "comments"),
                                                 POST("/u/*/comments/", "comments"),
                                                 POST("/r/*/comments/", "comments"),
                                                 POST("/comments/", "comments"),
                                                 NO_ACCOUNT("/user/*/s/"),
                                                 NO_ACCOUNT("/u/*/s/"),
                                                 NO_ACCOUNT("/r/*/s/"),
                                                 ACCOUNT("/user/"),
                                                 ACCOUNT("/u/"),
                                                 ACCOUNT("/r/u_"),
                                                 GROUP("/r/", "r"),
                                                 END};
static const struct platform_pattern telegram[] = {SUBDOMAIN(""),
                                                   MARKED("/+", "phone", PATTERN_DIGITS),
                                                   POST("/+", "invite"),
                                                   POST("/joinchat/", "invite"),
                                                   NO_ACCOUNT("/$"),
                                                   ACCOUNT("/s/"),
                                                   GROUP("/c/", "c"),
                                                   ACCOUNT("/"),
                                                   END};
static const struct platform_pattern whatsapp[] = {
    QUERY("/send?phone", "", PATTERN_PHONE), MARKED("/channel/", "channel", PATTERN_KEEPS_CASE),
    MARKED("/c/", "", PATTERN_PHONE),        MARKED("/catalog/", "", PATTERN_PHONE),
    MARKED("/", "", PATTERN_PHONE),          END};
static const struct platform_pattern discord[] = {
    POST("/invite/", "invite"), MARKED("/users/", "", PATTERN_DIGITS),
    PATTERN("/channels/", PLACE_PATH, "channels", "group/page", PATTERN_DIGITS), END};
static const struct platform_pattern bluesky[] = {ACCOUNT("/profile/"),
                                                  PATTERN("/", PLACE_HOST, "", "account", 0), END};
static const struct platform_pattern medium[] = {
    REDIRECT("/m/global-identity-2?redirectUrl"),
    REDIRECT("/m/signin?redirect"),
    POST("/p/", "p"),
    PATTERN("/", PLACE_UNRESOLVED, "p", "account", PATTERN_STORY),
    SUBDOMAIN(""),
    ACCOUNT("/@"),
    MARKED("/u/", "id", PATTERN_KEEPS_CASE),
    BODY("/", "publication"),
    END};
static const struct platform_pattern substack[] = {SUBDOMAIN("publication"),
                                                   NO_ACCOUNT("/*/note/"),
                                                   ACCOUNT("/@"),
                                                   MARKED("/profile/", "id", PATTERN_HEAD),
                                                   TYPED("/pub/", "publication"),
                                                   END};
static const struct platform_pattern twitch[] = {POST("/clip/", "clip"),
                                                 POST("/*/clip/", "clip"),
                                                 POST("/videos/", "videos"),
                                                 POST("/*/video/", "videos"),
                                                 POST("/*/v/", "videos"),
                                                 ACCOUNT("/popout/"),
                                                 ACCOUNT("/moderator/"),
                                                 ACCOUNT("/embed/"),
                                                 ACCOUNT("/"),
                                                 END};
static const struct platform_pattern vk[] = {
    REDIRECT("/away.php?to"),
    PATTERN("/wall", PLACE_UNRESOLVED, "", "account", PATTERN_NUMBER),
    PATTERN("/photo", PLACE_UNRESOLVED, "", "account", PATTERN_NUMBER),
    PATTERN("/photos", PLACE_UNRESOLVED, "", "account", PATTERN_NUMBER),
    PATTERN("/video", PLACE_UNRESOLVED, "", "account", PATTERN_NUMBER),
    PATTERN("/videos", PLACE_UNRESOLVED, "", "account", PATTERN_NUMBER),
    PATTERN("/clip", PLACE_UNRESOLVED, "", "account", PATTERN_NUMBER),
    PATTERN("/album", PLACE_UNRESOLVED, "", "account", PATTERN_NUMBER),
    PATTERN("/albums", PLACE_UNRESOLVED, "", "account", PATTERN_NUMBER),
    PATTERN("/topic", PLACE_UNRESOLVED, "", "account", PATTERN_NUMBER),
    PATTERN("/audios", PLACE_UNRESOLVED, "", "account", PATTERN_NUMBER),
    PATTERN("/note", PLACE_UNRESOLVED, "", "account", PATTERN_NUMBER),
    PATTERN("/market", PLACE_UNRESOLVED, "", "account", PATTERN_NUMBER),
    PATTERN("/story", PLACE_UNRESOLVED, "", "account", PATTERN_NUMBER),
    PATTERN("/page", PLACE_UNRESOLVED, "", "account", PATTERN_NUMBER),
    PATTERN("/gifts", PLACE_UNRESOLVED, "", "account", PATTERN_NUMBER),
    ACCOUNT("/"),
    END};
static const struct platform_pattern ok_ru[] = {TYPED("/profile/", "id"), GROUP("/group/", "group"),
                                                ACCOUNT("/"), END};
static const struct platform_pattern flickr[] = {
    NO_ACCOUNT("/photos/tags/"), PATTERN("/photos/*/", PLACE_UNRESOLVED, "photos", "account", PATTERN_DIGITS),
    ACCOUNT("/photos/"),         ACCOUNT("/people/"),
    GROUP("/groups/", "groups"), END};
static const struct platform_pattern tumblr[] = {
    SUBDOMAIN(""), ACCOUNT("/blog/view/"), ACCOUNT("/blog/"), ACCOUNT("/dashboard/blog/"), ACCOUNT("/"), END};
static const struct platform_pattern steam[] = {REDIRECT("/linkfilter?url"), REDIRECT("/linkfilter?u"),
                                                TYPED("/id/", "id"),         TYPED("/profiles/", "profiles"),
                                                GROUP("/groups/", "groups"), END};
static const struct platform_pattern github[] = {ACCOUNT("/orgs/"), ACCOUNT("/sponsors/"), ACCOUNT("/stars/"),
                                                 ACCOUNT("/"), END};
static const struct platform_pattern vimeo[] = {
    PATTERN("/", PLACE_UNRESOLVED, "video", "account", PATTERN_DIGITS),
    POST("/video/", "video"),
    GROUP("/channels/", "channels"),
    GROUP("/groups/", "groups"),
    ACCOUNT("/"),
    END};
static const struct platform_pattern dailymotion[] = {ACCOUNT("/user/"), ACCOUNT("/"), END};
static const struct platform_pattern rumble[] = {ACCOUNT("/user/"), TYPED("/c/", "c"), END};
static const struct platform_pattern bitchute[] = {TYPED("/channel/", "channel"),
                                                   TYPED("/profile/", "profile"), END};
static const struct platform_pattern patreon[] = {QUERY("/user?u", "id", PATTERN_DIGITS), ACCOUNT("/c/"),
                                                  ACCOUNT("/cw/"), ACCOUNT("/"), END};
static const struct platform_pattern ebay[] = {ACCOUNT("/usr/"), ACCOUNT("/fdbk/feedback_profile/"),
                                               QUERY("/sch/i.html?_ssn", "", 0), TYPED("/str/", "str"), END};
static const struct platform_pattern etsy[] = {SUBDOMAIN("shop"),         ACCOUNT("/people/"),
                                               ACCOUNT("/*/people/"),     TYPED("/shop/", "shop"),
                                               TYPED("/*/shop/", "shop"), END};
static const struct platform_pattern vinted[] = {MARKED("/member/", "", PATTERN_HEAD), END};
static const struct platform_pattern airbnb[] = {ACCOUNT("/users/show/"), ACCOUNT("/users/profile/"), END};
static const struct platform_pattern paypal[] = {ACCOUNT("/paypalme/"), ACCOUNT("/*/paypalme/"), END};
static const struct platform_pattern cash_app[] = {ACCOUNT("/$"), END};
static const struct platform_pattern venmo[] = {QUERY("/code?user_id", "id", PATTERN_DIGITS), ACCOUNT("/u/"),
                                                ACCOUNT("/"), END};
static const struct platform_pattern strava[] = {ACCOUNT("/athletes/"), GROUP("/clubs/", "clubs"), END};
static const struct platform_pattern goodreads[] = {MARKED("/user/show/", "", PATTERN_HEAD),
                                                    MARKED("/author/show/", "author", PATTERN_HEAD), END};
static const struct platform_pattern spotify[] = {
    ACCOUNT("/user/"), ACCOUNT("/*/user/"), TYPED("/artist/", "artist"), TYPED("/*/artist/", "artist"), END};
static const struct platform_pattern bandcamp[] = {SUBDOMAIN("artist"), ACCOUNT("/"), END};
static const struct platform_pattern pof[] = {QUERY("/viewprofile.aspx?profile_id", "", PATTERN_DIGITS), END};
static const struct platform_pattern stack_overflow[] = {MARKED("/users/", "", PATTERN_DIGITS), END};
static const struct platform_pattern hacker_news[] = {QUERY("/user?id", "", 0), END};
static const struct platform_pattern disqus[] = {ACCOUNT("/by/"), END};
static const struct platform_pattern giphy[] = {ACCOUNT("/channel/"), ACCOUNT("/"), END};
static const struct platform_pattern artstation[] = {SUBDOMAIN(""), ACCOUNT("/artist/"), ACCOUNT("/"), END};
static const struct platform_pattern pixiv[] = {MARKED("/users/", "", PATTERN_DIGITS),
                                                MARKED("/en/users/", "", PATTERN_DIGITS), END};
static const struct platform_pattern itch[] = {SUBDOMAIN(""), ACCOUNT("/profile/"), END};
static const struct platform_pattern roblox[] = {MARKED("/users/", "", PATTERN_DIGITS),
                                                 QUERY("/user.aspx?username", "name", 0), END};
static const struct platform_pattern lichess[] = {ACCOUNT("/@/"), END};
static const struct platform_pattern tryhackme[] = {ACCOUNT("/r/p/"), ACCOUNT("/p/"), END};
static const struct platform_pattern docker[] = {ACCOUNT("/u/"), ACCOUNT("/r/"), END};
static const struct platform_pattern crunchbase[] = {TYPED("/person/", "person"),
                                                     BODY("/organization/", "organization"), END};
static const struct platform_pattern scholar[] = {QUERY("/citations?user", "", 0), END};
static const struct platform_pattern livejournal[] = {ACCOUNT("/users/"), ACCOUNT("/community/"),
                                                      ACCOUNT("/~"), END};
static const struct platform_pattern neocities[] = {SUBDOMAIN(""), ACCOUNT("/site/"), END};
static const struct platform_pattern weibo[] = {MARKED("/u/", "id", PATTERN_DIGITS),
                                                MARKED("/profile/", "id", PATTERN_DIGITS),
                                                TYPED("/n/", "n"),
                                                MARKED("/", "id", PATTERN_DIGITS),
                                                ACCOUNT("/"),
                                                END};
static const struct platform_pattern zhihu[] = {ACCOUNT("/people/"), BODY("/org/", "org"), END};
static const struct platform_pattern xiaohongshu[] = {ACCOUNT("/user/profile/"), END};
static const struct platform_pattern line[] = {ACCOUNT("/R/ti/p/"), ACCOUNT("/ti/p/"), END};
static const struct platform_pattern mixi[] = {QUERY("/show_friend.pl?id", "", PATTERN_DIGITS),
                                               QUERY("/view_community.pl?id", "community", PATTERN_DIGITS),
                                               END};
static const struct platform_pattern mewe[] = {ACCOUNT("/i/"), BODY("/p/", "page"), GROUP("/group/", "group"),
                                               END};
static const struct platform_pattern clubhouse[] = {ACCOUNT("/@"), GROUP("/club/", "club"), END};
static const struct platform_pattern meetup[] = {MARKED("/members/", "", PATTERN_DIGITS),
                                                 MARKED("/*/members/", "", PATTERN_DIGITS),
                                                 GROUP("/", "group"), END};
static const struct platform_pattern eventbrite[] = {MARKED("/o/", "", PATTERN_TAIL), END};
static const struct platform_pattern foursquare[] = {MARKED("/user/", "id", PATTERN_DIGITS), ACCOUNT("/"),
                                                     END};
static const struct platform_pattern poshmark[] = {ACCOUNT("/closet/"), END};
static const struct platform_pattern yelp[] = {QUERY("/user_details?userid", "", 0), END};
static const struct platform_pattern imdb[] = {TYPED("/user/", "user"), TYPED("/name/", "name"), END};
static const struct platform_pattern wiki[] = {ACCOUNT("/wiki/User:"), ACCOUNT("/wiki/User_talk:"),
                                               ACCOUNT("/wiki/Special:Contributions/"), END};
static const struct platform_pattern hackerone[] = {ACCOUNT("/"), END};
static const struct platform_pattern odysee[] = {ACCOUNT("/@"), END};
static const struct platform_pattern archive_org[] = {ACCOUNT("/details/@"), END};
static const struct platform_pattern messenger[] = {NO_NUMBER("/t/"), ACCOUNT("/t/"),
                                                    MARKED("/", "id", PATTERN_DIGITS), ACCOUNT("/"), END};
static const struct platform_pattern redirect_u[] = {REDIRECT("/l.php?u"), REDIRECT("/?u"), NO_ACCOUNT("/"),
                                                     END};
static const struct platform_pattern threads[] = {POST("/t/", "post"), POST("/*/post/", "post"),
                                                  ACCOUNT("/@"), END};
static const struct platform_pattern snapchat_story[] = {ACCOUNT("/s/"), ACCOUNT("/@"), ACCOUNT("/u/"), END};
static const struct platform_pattern youtube_short[] = {POST("/", "watch"), END};
static const struct platform_pattern consent[] = {REDIRECT("/m?continue"), REDIRECT("/ml?continue"),
                                                  NO_ACCOUNT("/"), END};
static const struct platform_pattern reddit_short[] = {POST("/", "comments"), END};
static const struct platform_pattern telegram_web[] = {ACCOUNT("/@"), MARKED("/", "id", PATTERN_NUMBER), END};
static const struct platform_pattern invites[] = {POST("/invite/", "invite"), POST("/", "invite"), END};
static const struct platform_pattern signal[] = {MARKED("/p/", "", PATTERN_PHONE), END};
static const struct platform_pattern twitch_clips[] = {POST("/", "clip"), END};
static const struct platform_pattern twitch_player[] = {QUERY("/?channel", "", 0), END};
static const struct platform_pattern tumblr_share[] = {NO_ACCOUNT("/*/"), ACCOUNT("/"), END};
static const struct platform_pattern tumblr_redirect[] = {REDIRECT("/redirect?z"), NO_ACCOUNT("/"), END};
static const struct platform_pattern gist[] = {PATTERN("/*/", PLACE_UNRESOLVED, "", "account", PATTERN_HASH),
                                               PATTERN("/", PLACE_UNRESOLVED, "", "account", PATTERN_HASH),
                                               ACCOUNT("/"), END};
static const struct platform_pattern gitlab[] = {ACCOUNT("/users/"), ACCOUNT("/"), END};
static const struct platform_pattern pinterest[] = {POST("/pin/", "pin"), ACCOUNT("/"), END};
static const struct platform_pattern vimeo_player[] = {POST("/video/", "video"), END};
static const struct platform_pattern truth[] = {NO_ACCOUNT("/*/posts/"), NO_NUMBER("/*/"), ACCOUNT("/@"),
                                                END};
static const struct platform_pattern gab[] = {NO_ACCOUNT("/*/posts/"), ACCOUNT("/"), END};
static const struct platform_pattern kick[] = {NO_ACCOUNT("/*/clips/"), NO_ACCOUNT("/*/videos/"),
                                               ACCOUNT("/"), END};
static const struct platform_pattern google[] = {REDIRECT("/url?q"), REDIRECT("/url?url"),
                                                 MARKED("/maps/contrib/", "maps", PATTERN_DIGITS), END};
static const struct platform_pattern blogger[] = {MARKED("/profile/", "profile", PATTERN_DIGITS), END};
static const struct platform_pattern onlyfans[] = {NO_NUMBER("/"), ACCOUNT("/"), END};
static const struct platform_pattern vsco[] = {ACCOUNT("/"), END};
static const struct platform_pattern gumtree[] = {ACCOUNT("/profile/account/"), ACCOUNT("/profile/"), END};
static const struct platform_pattern wordpress_org[] = {ACCOUNT("/support/users/"), END};
static const struct platform_pattern justgiving[] = {TYPED("/fundraising/", "fundraising"),
                                                     TYPED("/page/", "page"), END};
static const struct platform_pattern trello[] = {ACCOUNT("/u/"), ACCOUNT("/"), END};
static const struct platform_pattern upwork[] = {MARKED("/freelancers/~", "", 0), END};
static const struct platform_pattern last_fm[] = {ACCOUNT("/user/"), ACCOUNT("/*/user/"), END};

#define FOLDS PLATFORM_FOLDS
#define AT    PLATFORM_AT
#define SHORT PLATFORM_SHORT_LINKS
#define OPEN  "public-no-login"
#define LOGIN "public-login"

const struct platform platforms[] = {
#include "schema/platforms.def"
};
const size_t platforms_count = sizeof platforms / sizeof platforms[0];
