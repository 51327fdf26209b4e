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
#define NO_ACCOUNT(prefix)          PATTERN(prefix, PLACE_UNRESOLVED, "", "account", 0)
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

static const struct platform_pattern facebook[] = {QUERY("/profile.php?id", "id", PATTERN_DIGITS),
                                                   QUERY("/story.php?id", "id", PATTERN_DIGITS),
                                                   QUERY("/permalink.php?id", "id", PATTERN_DIGITS),
                                                   MARKED("/people/*/", "id", PATTERN_DIGITS),
                                                   MARKED("/pages/category/*/", "id", PATTERN_TAIL),
                                                   MARKED("/pages/*/", "id", PATTERN_DIGITS),
                                                   MARKED("/p/", "id", PATTERN_TAIL),
                                                   MARKED("/profile/", "id", PATTERN_DIGITS),
                                                   MARKED("/groups/*/user/", "id", PATTERN_DIGITS),
                                                   NO_ACCOUNT("/groups/*/posts/"),
                                                   NO_ACCOUNT("/groups/*/permalink/"),
                                                   GROUP("/groups/", "groups"),
                                                   EVENT("/events/", "events"),
                                                   TERM("/hashtag/", "hashtag"),
                                                   ACCOUNT("/pg/"),
                                                   MARKED("/", "id", PATTERN_DIGITS),
                                                   ACCOUNT("/"),
                                                   END};
static const struct platform_pattern x[] = {MARKED("/i/user/", "id", PATTERN_DIGITS),
                                            QUERY("/intent/user?screen_name", "", 0),
                                            QUERY("/intent/follow?screen_name", "", 0),
                                            QUERY("/intent/user?user_id", "id", PATTERN_DIGITS),
                                            TERM("/hashtag/", "hashtag"),
                                            ACCOUNT("/"),
                                            END};
static const struct platform_pattern instagram[] = {NO_ACCOUNT("/stories/highlights/"),
                                                    ACCOUNT("/stories/"),
                                                    TERM("/explore/tags/", "hashtag"),
                                                    ACCOUNT("/_u/"),
                                                    ACCOUNT("/"),
                                                    END};
static const struct platform_pattern instagram_message[] = {ACCOUNT("/m/"), END};
static const struct platform_pattern tiktok[] = {ACCOUNT("/@"), TERM("/tag/", "hashtag"), END};
static const struct platform_pattern snapchat[] = {ACCOUNT("/add/"), ACCOUNT("/@"), ACCOUNT("/u/"),
                                                   ACCOUNT("/s/"), END};
static const struct platform_pattern linkedin[] = {
    TYPED("/in/", "in"),         TYPED("/mwlite/in/", "in"),
    TYPED("/comm/in/", "in"),    BODY("/company/", "company"),
    BODY("/school/", "school"),  BODY("/showcase/", "showcase"),
    GROUP("/groups/", "groups"), END};
static const struct platform_pattern youtube[] = {ACCOUNT("/@"),
                                                  MARKED("/channel/", "channel", PATTERN_KEEPS_CASE),
                                                  TYPED("/c/", "c"),
                                                  TYPED("/user/", "user"),
                                                  TERM("/hashtag/", "hashtag"),
                                                  TYPED("/", "name"),
                                                  END};
static const struct platform_pattern reddit[] = {ACCOUNT("/user/"),
                                                 ACCOUNT("/u/"),
                                                 ACCOUNT("/r/u_"),
                                                 NO_ACCOUNT("/r/*/comments/"),
                                                 NO_ACCOUNT("/r/*/s/"),
                                                 GROUP("/r/", "r"),
                                                 END};
static const struct platform_pattern telegram[] = {SUBDOMAIN(""),     NO_ACCOUNT("/+"), ACCOUNT("/s/"),
                                                   GROUP("/c/", "c"), ACCOUNT("/"),     END};
static const struct platform_pattern whatsapp[] = {QUERY("/send?phone", "", PATTERN_PHONE),
                                                   MARKED("/channel/", "channel", PATTERN_KEEPS_CASE),
                                                   MARKED("/", "", PATTERN_PHONE), END};
static const struct platform_pattern discord[] = {
    MARKED("/users/", "", PATTERN_DIGITS),
    PATTERN("/channels/", PLACE_PATH, "channels", "group/page", PATTERN_DIGITS), END};
static const struct platform_pattern bluesky[] = {ACCOUNT("/profile/"),
                                                  PATTERN("/", PLACE_HOST, "", "account", 0), END};
static const struct platform_pattern medium[] = {
    SUBDOMAIN(""), ACCOUNT("/@"), MARKED("/u/", "id", PATTERN_KEEPS_CASE), BODY("/", "publication"), END};
static const struct platform_pattern substack[] = {SUBDOMAIN("publication"), ACCOUNT("/@"),
                                                   TYPED("/pub/", "publication"), END};
static const struct platform_pattern twitch[] = {ACCOUNT("/popout/"), ACCOUNT("/moderator/"), ACCOUNT("/"),
                                                 END};
static const struct platform_pattern vk[] = {
    PATTERN("/wall", PLACE_UNRESOLVED, "", "account", PATTERN_NUMBER),
    PATTERN("/photo", PLACE_UNRESOLVED, "", "account", PATTERN_NUMBER),
    PATTERN("/video", PLACE_UNRESOLVED, "", "account", PATTERN_NUMBER),
    PATTERN("/clip", PLACE_UNRESOLVED, "", "account", PATTERN_NUMBER),
    PATTERN("/album", PLACE_UNRESOLVED, "", "account", PATTERN_NUMBER),
    PATTERN("/topic", PLACE_UNRESOLVED, "", "account", PATTERN_NUMBER),
    ACCOUNT("/"),
    END};
static const struct platform_pattern ok_ru[] = {TYPED("/profile/", "id"), GROUP("/group/", "group"),
                                                ACCOUNT("/"), END};
static const struct platform_pattern flickr[] = {NO_ACCOUNT("/photos/tags/"), ACCOUNT("/photos/"),
                                                 ACCOUNT("/people/"), GROUP("/groups/", "groups"), END};
static const struct platform_pattern tumblr[] = {
    SUBDOMAIN(""), ACCOUNT("/blog/view/"), ACCOUNT("/blog/"), ACCOUNT("/dashboard/blog/"), ACCOUNT("/"), END};
static const struct platform_pattern steam[] = {TYPED("/id/", "id"), TYPED("/profiles/", "profiles"),
                                                GROUP("/groups/", "groups"), END};
static const struct platform_pattern github[] = {ACCOUNT("/orgs/"), ACCOUNT("/sponsors/"), ACCOUNT("/"), END};
static const struct platform_pattern vimeo[] = {PATTERN("/", PLACE_UNRESOLVED, "", "account", PATTERN_DIGITS),
                                                GROUP("/channels/", "channels"), GROUP("/groups/", "groups"),
                                                ACCOUNT("/"), END};
static const struct platform_pattern dailymotion[] = {ACCOUNT("/user/"), ACCOUNT("/"), END};
static const struct platform_pattern rumble[] = {ACCOUNT("/user/"), TYPED("/c/", "c"), END};
static const struct platform_pattern bitchute[] = {TYPED("/channel/", "channel"),
                                                   TYPED("/profile/", "profile"), END};
static const struct platform_pattern patreon[] = {QUERY("/user?u", "id", PATTERN_DIGITS), ACCOUNT("/c/"),
                                                  ACCOUNT("/cw/"), ACCOUNT("/"), END};
static const struct platform_pattern ebay[] = {ACCOUNT("/usr/"), TYPED("/str/", "str"), END};
static const struct platform_pattern etsy[] = {ACCOUNT("/people/"), TYPED("/shop/", "shop"), END};
static const struct platform_pattern vinted[] = {MARKED("/member/", "", PATTERN_HEAD), END};
static const struct platform_pattern airbnb[] = {ACCOUNT("/users/show/"), ACCOUNT("/users/profile/"), END};
static const struct platform_pattern paypal[] = {ACCOUNT("/paypalme/"), END};
static const struct platform_pattern cash_app[] = {ACCOUNT("/$"), END};
static const struct platform_pattern venmo[] = {ACCOUNT("/u/"), END};
static const struct platform_pattern strava[] = {ACCOUNT("/athletes/"), GROUP("/clubs/", "clubs"), END};
static const struct platform_pattern goodreads[] = {MARKED("/user/show/", "", PATTERN_HEAD),
                                                    MARKED("/author/show/", "author", PATTERN_HEAD), END};
static const struct platform_pattern spotify[] = {ACCOUNT("/user/"), TYPED("/artist/", "artist"), END};
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
static const struct platform_pattern google_maps[] = {MARKED("/maps/contrib/", "maps", PATTERN_DIGITS), END};
static const struct platform_pattern livejournal[] = {ACCOUNT("/"), END};
static const struct platform_pattern neocities[] = {SUBDOMAIN(""), ACCOUNT("/site/"), END};
static const struct platform_pattern weibo[] = {MARKED("/u/", "id", PATTERN_DIGITS), TYPED("/n/", "n"),
                                                MARKED("/", "id", PATTERN_DIGITS), ACCOUNT("/"), END};
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

#define FOLDS PLATFORM_FOLDS
#define AT    PLATFORM_AT
#define OPEN  "public-no-login"
#define LOGIN "public-login"

const struct platform platforms[] = {
    {"facebook", LIST("facebook.com", "fb.com"), facebook,
     LIST("*.php", "share", "sharer", "photo", "photos", "watch", "reel", "reels", "stories", "video",
          "videos", "marketplace", "gaming", "login", "recover", "people", "pages", "p", "groups", "events",
          "hashtag", "notes", "public", "dialog", "plugins", "ads", "business", "policies", "messages",
          "friends", "bookmarks", "live", "places", "story", "permalink"),
     LOGIN, FOLDS | AT | PLATFORM_IGNORES_DOTS},
    {"facebook", LIST("m.me", "messenger.com"), root, LIST("t", "j"), LOGIN,
     FOLDS | PLATFORM_IGNORES_DOTS | PLATFORM_SHORT_LINKS},
    {"facebook", LIST("fb.me", "fb.watch", "l.facebook.com", "lm.facebook.com"), no_account, NONE, LOGIN,
     PLATFORM_SHORT_LINKS},
    {"x",
     LIST("x.com", "twitter.com", "nitter.net", "xcancel.com", "fxtwitter.com", "vxtwitter.com",
          "fixupx.com"),
     x,
     LIST("i", "intent", "hashtag", "share", "notifications", "messages", "compose", "tos", "jobs",
          "download", "who_to_follow", "account", "oauth", "status", "statuses", "logout", "communities",
          "lists", "bookmarks"),
     LOGIN, FOLDS | AT},
    {"x", LIST("t.co", "pic.twitter.com", "pic.x.com"), no_account, NONE, LOGIN, PLATFORM_SHORT_LINKS},
    {"instagram", LIST("instagram.com", "instagr.am"), instagram,
     LIST("p", "reel", "reels", "tv", "share", "s", "stories", "accounts", "direct", "web", "developer",
          "graphql", "invites"),
     LOGIN, FOLDS | AT},
    {"instagram", LIST("ig.me"), instagram_message, NONE, LOGIN, FOLDS | PLATFORM_SHORT_LINKS},
    {"threads", LIST("threads.net", "threads.com"), at, NONE, OPEN, FOLDS},
    {"tiktok", LIST("tiktok.com"), tiktok, NONE, OPEN, FOLDS},
    {"tiktok", LIST("vm.tiktok.com", "vt.tiktok.com"), no_account, NONE, OPEN, PLATFORM_SHORT_LINKS},
    {"snapchat", LIST("snapchat.com", "story.snapchat.com"), snapchat, NONE, OPEN, FOLDS | AT},
    {"linkedin", LIST("linkedin.com"), linkedin, NONE, LOGIN, FOLDS},
    {"linkedin", LIST("lnkd.in"), no_account, NONE, LOGIN, PLATFORM_SHORT_LINKS},
    {"youtube", LIST("youtube.com", "music.youtube.com", "gaming.youtube.com", "youtube-nocookie.com"),
     youtube,
     LIST("watch", "shorts", "live", "embed", "v", "e", "playlist", "results", "feed", "hashtag", "clip",
          "post", "channel", "c", "user", "redirect", "attribution_link", "premium", "gaming", "music",
          "kids", "t", "source", "oembed", "shared", "account", "reporthistory", "ads", "creators", "yt",
          "movies", "sports", "podcasts", "watch_videos"),
     OPEN, FOLDS},
    {"youtube", LIST("youtu.be"), no_account, NONE, OPEN, PLATFORM_SHORT_LINKS},
    {"reddit", LIST("reddit.com"), reddit, NONE, OPEN, FOLDS},
    {"reddit", LIST("redd.it", "i.redd.it", "v.redd.it", "reddit.app.link"), no_account, NONE, OPEN,
     PLATFORM_SHORT_LINKS},
    {"telegram", LIST("t.me", "telegram.me", "telegram.dog", "*.t.me"), telegram,
     LIST("joinchat", "addstickers", "addemoji", "addlist", "addtheme", "share", "proxy", "socks", "iv", "bg",
          "s", "c", "setlanguage", "confirmphone", "invoice", "boost", "giftcode", "nft"),
     OPEN, FOLDS | AT},
    {"whatsapp", LIST("whatsapp.com", "wa.me", "api.whatsapp.com", "web.whatsapp.com"), whatsapp, NONE, LOGIN,
     0},
    {"whatsapp", LIST("chat.whatsapp.com"), no_account, NONE, LOGIN, PLATFORM_SHORT_LINKS},
    {"discord", LIST("discord.com", "discordapp.com"), discord, NONE, LOGIN, 0},
    {"discord", LIST("discord.gg"), no_account, NONE, LOGIN, PLATFORM_SHORT_LINKS},
    {"bluesky", LIST("bsky.app", "*.bsky.social"), bluesky, NONE, OPEN, FOLDS | AT},
    {"medium", LIST("medium.com", "*.medium.com"), medium,
     LIST("p", "m", "me", "tag", "topic", "tagged", "u", "plans"), OPEN, FOLDS},
    {"substack", LIST("substack.com", "open.substack.com", "*.substack.com"), substack, NONE, OPEN, FOLDS},
    {"twitch", LIST("twitch.tv"), twitch,
     LIST("videos", "directory", "p", "popout", "moderator", "downloads", "jobs", "turbo", "clip",
          "collections", "subs"),
     OPEN, FOLDS},
    {"twitch", LIST("clips.twitch.tv"), no_account, NONE, OPEN, PLATFORM_SHORT_LINKS},
    {"vk", LIST("vk.com", "vk.ru", "vkontakte.ru", "vk.me"), vk,
     LIST("feed", "im", "friends", "groups", "audio", "video", "market", "away.php", "*.php", "share", "doc",
          "mail"),
     LOGIN, FOLDS | AT},
    {"ok", LIST("ok.ru", "odnoklassniki.ru"), ok_ru,
     LIST("video", "live", "music", "dk", "games", "game", "profile", "group"), LOGIN, 0},
    {"flickr", LIST("flickr.com"), flickr, NONE, OPEN, FOLDS},
    {"flickr", LIST("flic.kr"), no_account, NONE, OPEN, PLATFORM_SHORT_LINKS},
    {"tumblr", LIST("tumblr.com", "at.tumblr.com", "*.tumblr.com"), tumblr,
     LIST("tagged", "dashboard", "blog", "register", "tips", "likes", "following", "api", "assets", "static",
          "media", "embed", "communities", "app", "docs", "engineering"),
     OPEN, FOLDS | AT},
    {"tumblr", LIST("tmblr.co"), no_account, NONE, OPEN, PLATFORM_SHORT_LINKS},
    {"soundcloud", LIST("soundcloud.com"), root,
     LIST("you", "stream", "tags", "charts", "pages", "mobile", "imprint", "people", "community-guidelines"),
     OPEN, FOLDS},
    {"soundcloud", LIST("on.soundcloud.com", "snd.sc"), no_account, NONE, OPEN, PLATFORM_SHORT_LINKS},
    {"steam", LIST("steamcommunity.com"), steam, NONE, OPEN, FOLDS},
    {"steam", LIST("s.team"), no_account, NONE, OPEN, PLATFORM_SHORT_LINKS},
    {"github", LIST("github.com", "gist.github.com"), github,
     LIST("topics", "marketplace", "features", "notifications", "issues", "pulls", "apps", "collections",
          "trending", "enterprise", "team", "readme", "orgs", "sponsors", "stars", "codespaces", "new",
          "organizations", "customer-stories", "solutions", "resources", "discover", "gist", "starred",
          "forked"),
     OPEN, FOLDS},
    {"gitlab", LIST("gitlab.com"), root, LIST("dashboard", "groups", "projects", "snippets", "users", "-"),
     OPEN, FOLDS},
    {"codeberg", LIST("codeberg.org"), root, LIST("issues", "pulls", "org", "repo", "user"), OPEN, FOLDS},
    {"bitbucket", LIST("bitbucket.org"), root, LIST("dashboard", "repo", "product"), OPEN, FOLDS},
    {"gitee", LIST("gitee.com"), root, LIST("organizations", "enterprises", "gists"), OPEN, 0},
    {"pinterest", LIST("pinterest.*"), root,
     LIST("pin", "ideas", "categories", "topics", "today", "business", "resource", "news_hub", "_", "_saved",
          "_created"),
     OPEN, FOLDS},
    {"pinterest", LIST("pin.it"), no_account, NONE, OPEN, PLATFORM_SHORT_LINKS},
    {"vimeo", LIST("vimeo.com"), vimeo,
     LIST("ondemand", "showcase", "channels", "groups", "categories", "watch", "upgrade", "event"), OPEN,
     FOLDS},
    {"dailymotion", LIST("dailymotion.com"), dailymotion, LIST("video", "playlist", "topic", "user", "embed"),
     OPEN, FOLDS},
    {"rumble", LIST("rumble.com"), rumble, NONE, OPEN, 0},
    {"odysee", LIST("odysee.com"), odysee, NONE, OPEN, 0},
    {"bitchute", LIST("bitchute.com"), bitchute, NONE, OPEN, 0},
    {"kick", LIST("kick.com"), root, LIST("categories", "browse", "following", "video", "clips"), OPEN,
     FOLDS},
    {"trovo", LIST("trovo.live"), root, LIST("s", "g", "clip", "video"), OPEN, 0},
    {"truth-social", LIST("truthsocial.com"), at, NONE, OPEN, FOLDS},
    {"gab", LIST("gab.com"), root, LIST("groups", "group", "tags", "timeline", "news", "compose"), OPEN,
     FOLDS | AT},
    {"gettr", LIST("gettr.com"), user, NONE, OPEN, FOLDS},
    {"minds", LIST("minds.com"), root,
     LIST("newsfeed", "discovery", "groups", "group", "media", "wallet", "channels"), OPEN, FOLDS | AT},
    {"mewe", LIST("mewe.com"), mewe, NONE, LOGIN, 0},
    {"clubhouse", LIST("clubhouse.com", "joinclubhouse.com"), clubhouse, NONE, OPEN, FOLDS},
    {"vero", LIST("vero.co"), root, NONE, OPEN, 0},
    {"bereal", LIST("bere.al"), root, NONE, OPEN, 0},
    {"myspace", LIST("myspace.com"), root, LIST("discover", "music", "video", "browse", "featured"), OPEN,
     FOLDS},
    {"ask-fm", LIST("ask.fm"), root, LIST("account", "tags"), OPEN, FOLDS | AT},
    {"tellonym", LIST("tellonym.me"), root, NONE, OPEN, 0},
    {"ngl", LIST("ngl.link"), root, NONE, OPEN, 0},
    {"nextdoor", LIST("nextdoor.com", "nextdoor.co.uk"), profile, NONE, LOGIN, 0},
    {"meetup", LIST("meetup.com"), meetup, LIST("find", "topics", "cities", "apps", "members"), OPEN, FOLDS},
    {"eventbrite", LIST("eventbrite.*"), eventbrite, NONE, OPEN, 0},
    {"foursquare", LIST("foursquare.com"), foursquare, LIST("v", "item", "products", "city-guide", "user"),
     OPEN, 0},
    {"linktree", LIST("linktr.ee"), root, LIST("discover", "marketplace", "blog", "s"), OPEN, FOLDS | AT},
    {"beacons", LIST("beacons.ai"), root, LIST("i", "app"), OPEN, 0},
    {"about-me", LIST("about.me"), root, NONE, OPEN, FOLDS},
    {"carrd", LIST("*.carrd.co"), subdomain, NONE, OPEN, FOLDS},
    {"gravatar", LIST("gravatar.com"), root, LIST("avatar", "connect", "profile", "emails"), OPEN, FOLDS},
    {"keybase", LIST("keybase.io"), root, LIST("team", "docs", "install", "download"), OPEN, FOLDS},
    {"patreon", LIST("patreon.com"), patreon,
     LIST("posts", "user", "collection", "c", "cw", "api", "join", "portal", "oauth2"), OPEN, FOLDS},
    {"onlyfans", LIST("onlyfans.com"), root, LIST("posts", "my"), LOGIN, FOLDS},
    {"fansly", LIST("fansly.com"), root, LIST("post"), LOGIN, 0},
    {"ko-fi", LIST("ko-fi.com"), root, LIST("s", "i", "post", "p", "shop", "manage"), OPEN, FOLDS},
    {"buy-me-a-coffee", LIST("buymeacoffee.com"), root, LIST("p"), OPEN, FOLDS},
    {"paypal", LIST("paypal.me"), root, NONE, OPEN, FOLDS},
    {"paypal", LIST("paypal.com"), paypal, NONE, OPEN, FOLDS | PLATFORM_SHORT_LINKS},
    {"cash-app", LIST("cash.app"), cash_app, NONE, OPEN, FOLDS},
    {"venmo", LIST("venmo.com", "account.venmo.com"), venmo, NONE, OPEN, 0},
    {"revolut", LIST("revolut.me"), root, NONE, OPEN, 0},
    {"ebay", LIST("ebay.*"), ebay, NONE, OPEN, FOLDS},
    {"etsy", LIST("etsy.com"), etsy, NONE, OPEN, FOLDS},
    {"depop", LIST("depop.com"), root, LIST("products", "category", "brands", "theme", "explore"), OPEN,
     FOLDS | AT},
    {"vinted", LIST("vinted.*"), vinted, NONE, OPEN, 0},
    {"poshmark", LIST("poshmark.com"), poshmark, NONE, OPEN, 0},
    {"airbnb", LIST("airbnb.*"), airbnb, NONE, OPEN, 0},
    {"tripadvisor", LIST("tripadvisor.*"), profile, NONE, OPEN, 0},
    {"trustpilot", LIST("trustpilot.com"), users, NONE, OPEN, 0},
    {"yelp", LIST("yelp.*"), yelp, NONE, OPEN, 0},
    {"strava", LIST("strava.com"), strava, NONE, LOGIN, 0},
    {"goodreads", LIST("goodreads.com"), goodreads, NONE, OPEN, 0},
    {"letterboxd", LIST("letterboxd.com"), root,
     LIST("film", "films", "list", "lists", "actor", "director", "members", "journal"), OPEN, FOLDS},
    {"imdb", LIST("imdb.com"), imdb, NONE, OPEN, 0},
    {"last-fm", LIST("last.fm", "lastfm.*"), user, NONE, OPEN, FOLDS},
    {"spotify", LIST("open.spotify.com"), spotify, NONE, OPEN, 0},
    {"mixcloud", LIST("mixcloud.com"), root, LIST("discover", "genres", "dashboard", "select"), OPEN, FOLDS},
    {"bandcamp", LIST("bandcamp.com", "*.bandcamp.com"), bandcamp,
     LIST("tag", "artists", "discover", "daily", "f4", "bcbits"), OPEN, FOLDS},
    {"smule", LIST("smule.com"), root, LIST("s", "song", "sing", "recording", "c", "p"), OPEN, 0},
    {"tinder", LIST("tinder.com"), at, NONE, OPEN, 0},
    {"okcupid", LIST("okcupid.com"), profile, NONE, LOGIN, 0},
    {"badoo", LIST("badoo.com"), profile, NONE, LOGIN, 0},
    {"plenty-of-fish", LIST("pof.com"), pof, NONE, LOGIN, 0},
    {"fabswingers", LIST("fabswingers.com"), profile, NONE, LOGIN, 0},
    {"fetlife", LIST("fetlife.com"), users, NONE, LOGIN, 0},
    {"quora", LIST("quora.com"), profile, NONE, OPEN, 0},
    {"stack-overflow", LIST("stackoverflow.com"), stack_overflow, NONE, OPEN, 0},
    {"hacker-news", LIST("news.ycombinator.com"), hacker_news, NONE, OPEN, 0},
    {"disqus", LIST("disqus.com"), disqus, NONE, OPEN, FOLDS},
    {"imgur", LIST("imgur.com"), user, NONE, OPEN, FOLDS},
    {"9gag", LIST("9gag.com"), u, NONE, OPEN, 0},
    {"giphy", LIST("giphy.com"), giphy,
     LIST("gifs", "clips", "stickers", "stories", "channel", "embed", "categories"), OPEN, 0},
    {"tenor", LIST("tenor.com"), users, NONE, OPEN, 0},
    {"wattpad", LIST("wattpad.com"), user, NONE, OPEN, FOLDS},
    {"archive-of-our-own", LIST("archiveofourown.org"), users, NONE, OPEN, 0},
    {"internet-archive", LIST("archive.org"), archive_org, NONE, OPEN, 0},
    {"deviantart", LIST("deviantart.com", "*.deviantart.com"), root_or_subdomain,
     LIST("tag", "watch", "topic", "daily-deviations", "forum", "art", "join"), OPEN, FOLDS},
    {"artstation", LIST("artstation.com", "*.artstation.com"), artstation,
     LIST("artwork", "channels", "learning", "marketplace", "jobs", "contests", "cdn", "cdna", "cdnb"), OPEN,
     FOLDS},
    {"behance", LIST("behance.net"), root,
     LIST("gallery", "galleries", "collection", "joblist", "hire", "live"), OPEN, FOLDS},
    {"dribbble", LIST("dribbble.com"), root, LIST("shots", "tags", "designers", "jobs", "stories", "session"),
     OPEN, FOLDS},
    {"500px", LIST("500px.com"), p, NONE, OPEN, FOLDS},
    {"unsplash", LIST("unsplash.com"), at, NONE, OPEN, FOLDS},
    {"pixiv", LIST("pixiv.net"), pixiv, NONE, OPEN, 0},
    {"booth", LIST("*.booth.pm"), subdomain, LIST("accounts", "asset", "manage", "checkout"), OPEN, FOLDS},
    {"newgrounds", LIST("*.newgrounds.com"), subdomain,
     LIST("art", "audio", "movies", "games", "passport", "uploads"), OPEN, FOLDS},
    {"itch", LIST("itch.io", "*.itch.io"), itch, LIST("img", "static", "api"), OPEN, FOLDS},
    {"roblox", LIST("roblox.com"), roblox, NONE, OPEN, FOLDS},
    {"chess-com", LIST("chess.com"), member, NONE, OPEN, FOLDS},
    {"lichess", LIST("lichess.org"), lichess, NONE, OPEN, FOLDS},
    {"osu", LIST("osu.ppy.sh"), users, NONE, OPEN, 0},
    {"codeforces", LIST("codeforces.com"), profile, NONE, OPEN, 0},
    {"atcoder", LIST("atcoder.jp"), users, NONE, OPEN, 0},
    {"codechef", LIST("codechef.com"), users, NONE, OPEN, 0},
    {"leetcode", LIST("leetcode.com"), u, NONE, OPEN, 0},
    {"kaggle", LIST("kaggle.com"), root,
     LIST("datasets", "competitions", "code", "models", "discussions", "learn", "organizations"), OPEN,
     FOLDS},
    {"hugging-face", LIST("huggingface.co"), root,
     LIST("models", "datasets", "spaces", "papers", "docs", "tasks", "posts"), OPEN, 0},
    {"replit", LIST("replit.com"), at, NONE, OPEN, 0},
    {"codepen", LIST("codepen.io"), root, LIST("pen", "tag", "collection", "trending"), OPEN, 0},
    {"npm", LIST("npmjs.com"), tilde, NONE, OPEN, 0},
    {"pypi", LIST("pypi.org"), user, NONE, OPEN, FOLDS},
    {"docker-hub", LIST("hub.docker.com"), docker, NONE, OPEN, FOLDS},
    {"scratch", LIST("scratch.mit.edu"), users, NONE, OPEN, FOLDS},
    {"devrant", LIST("devrant.com"), users, NONE, OPEN, 0},
    {"hashnode", LIST("hashnode.com"), at, NONE, OPEN, 0},
    {"codementor", LIST("codementor.io"), at, NONE, OPEN, 0},
    {"tryhackme", LIST("tryhackme.com"), tryhackme, NONE, OPEN, 0},
    {"hackerone", LIST("hackerone.com"), hackerone,
     LIST("reports", "directory", "hacktivity", "leaderboard", "users"), OPEN, FOLDS},
    {"lobsters", LIST("lobste.rs"), u, NONE, OPEN, 0},
    {"product-hunt", LIST("producthunt.com"), at, NONE, OPEN, FOLDS},
    {"crunchbase", LIST("crunchbase.com"), crunchbase, NONE, OPEN, 0},
    {"xing", LIST("xing.com"), profile, NONE, LOGIN, 0},
    {"researchgate", LIST("researchgate.net"), profile, NONE, OPEN, 0},
    {"orcid", LIST("orcid.org"), root, LIST("signin", "my-orcid"), OPEN, FOLDS},
    {"google-scholar", LIST("scholar.google.*"), scholar, NONE, OPEN, 0},
    {"google", LIST("google.*"), google_maps, NONE, OPEN, 0},
    {"blogger", LIST("*.blogspot.*"), subdomain, LIST("bp"), OPEN, FOLDS},
    {"wordpress", LIST("*.wordpress.com"), subdomain,
     LIST("public-api", "s0", "s1", "s2", "developer", "subscribe"), OPEN, FOLDS},
    {"livejournal", LIST("users.livejournal.com"), livejournal, NONE, OPEN, FOLDS | PLATFORM_SHORT_LINKS},
    {"livejournal", LIST("*.livejournal.com"), subdomain,
     LIST("users", "community", "syndicated", "l-userpic", "ic"), OPEN, FOLDS},
    {"dreamwidth", LIST("*.dreamwidth.org"), subdomain, LIST("users", "community", "v", "dw-dev"), OPEN,
     FOLDS},
    {"neocities", LIST("neocities.org", "*.neocities.org"), neocities, NONE, OPEN, FOLDS},
    {"xanga", LIST("*.xanga.com"), subdomain, NONE, OPEN, FOLDS},
    {"creator-spring", LIST("*.creator-spring.com"), subdomain, NONE, OPEN, FOLDS},
    {"vip-blog", LIST("*.vip-blog.com"), subdomain, NONE, OPEN, FOLDS},
    {"weibo", LIST("weibo.com", "weibo.cn", "m.weibo.cn"), weibo,
     LIST("p", "tv", "status", "detail", "u", "n", "ajax"), LOGIN, 0},
    {"zhihu", LIST("zhihu.com"), zhihu, NONE, OPEN, 0},
    {"bilibili", LIST("space.bilibili.com"), root, NONE, OPEN, 0},
    {"douyin", LIST("douyin.com"), user, NONE, OPEN, 0},
    {"xiaohongshu", LIST("xiaohongshu.com"), xiaohongshu, NONE, LOGIN, 0},
    {"qzone", LIST("user.qzone.qq.com"), root, NONE, LOGIN, 0},
    {"naver-blog", LIST("blog.naver.com", "m.blog.naver.com"), root, LIST("*.naver", "*.nhn"), OPEN, FOLDS},
    {"line", LIST("line.me"), line, NONE, LOGIN, 0},
    {"mixi", LIST("mixi.jp"), mixi, NONE, LOGIN, 0},
    {"pikabu", LIST("pikabu.ru"), at, NONE, OPEN, 0},
    {"skeb", LIST("skeb.jp"), at, NONE, OPEN, 0},
    {"teletype", LIST("teletype.in"), at, NONE, OPEN, 0},
    {"pronouns-page", LIST("pronouns.page"), at, NONE, OPEN, 0},
    {"paragraph", LIST("paragraph.com"), at, NONE, OPEN, 0},
    {"holopin", LIST("holopin.io"), at, NONE, OPEN, 0},
    {"coda", LIST("coda.io"), at, NONE, OPEN, 0},
    {"7-cups", LIST("7cups.com"), at, NONE, OPEN, 0},
    {"anime-planet", LIST("anime-planet.com"), users, NONE, OPEN, 0},
    {"know-your-meme", LIST("knowyourmeme.com"), users, NONE, OPEN, 0},
    {"trakt", LIST("trakt.tv"), users, NONE, OPEN, 0},
    {"slant", LIST("slant.co"), users, NONE, OPEN, 0},
    {"polygon", LIST("polygon.com"), users, NONE, OPEN, 0},
    {"wireclub", LIST("wireclub.com"), users, NONE, OPEN, 0},
    {"weblancer", LIST("weblancer.net"), users, NONE, OPEN, 0},
    {"fl-ru", LIST("fl.ru"), users, NONE, OPEN, 0},
    {"vibilagare", LIST("vibilagare.se"), users, NONE, OPEN, 0},
    {"darudar", LIST("darudar.org"), users, NONE, OPEN, 0},
    {"etoro", LIST("etoro.com"), people, NONE, OPEN, FOLDS},
    {"openstreetmap", LIST("openstreetmap.org"), user, NONE, OPEN, 0},
    {"wikipedia", LIST("wikipedia.org"), wiki, NONE, OPEN, 0},
    {"short-link",
     LIST("bit.ly", "tinyurl.com", "ow.ly", "goo.gl", "is.gd", "v.gd", "buff.ly", "dlvr.it", "cutt.ly",
          "rb.gy", "shorturl.at", "rebrand.ly", "tiny.cc", "t.ly", "trib.al", "amzn.to", "adf.ly", "bl.ink",
          "s.id", "lnk.bio", "g.co"),
     no_account, NONE, "unknown", PLATFORM_SHORT_LINKS},
};
const size_t platforms_count = sizeof platforms / sizeof platforms[0];
