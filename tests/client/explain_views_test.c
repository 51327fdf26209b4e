/* What came before: views over everybody and every account, the author's own texts and open intents. */
#include "tests/client/explained.h"

#define FB "'url':'https://www.facebook.com/westmidlandspolice'"
#define OP "'operation':'OP-ALDER-1'"

static const struct explained views[] = {
    {"no history: the look itself", "{}",
     "{'facts':{'views.window':1,'views.officers':1,'views.accounts':1}}"},
    {"an empty one", "{'history':[]}",
     "{'facts':{'views.window':1},'unknown':['views.last_at','entry.likeness']}"},
    {"two earlier looks",
     "{'history':[{'at':'2026-11-20T10:00:00Z','author':'jo'," FB "},"
     "{'at':'2026-11-21T10:00:00Z','author':'jo'," FB ",'kind':'activity'}]}",
     "{'verdict':'accepted','said':['MANY'],'facts':{'views.window':3,'views.d7':3,'views.d365':3,"
     "'views.officers':1,'views.last_at':'2026-11-21T10:00:00.000000Z'}}"},
    {"any address of the account",
     "{'history':[{'at':'2026-11-20T10:00:00Z','url':'m.facebook.com/WestMidlandsPolice/photos'},"
     "{'at':'2026-11-21T10:00:00Z','subject':'facebook:westmidlandspolice'}]}",
     "{'said':['MANY'],'facts':{'views.window':3,'views.accounts':1}}"},
    {"another account", "{'history':[{'at':'2026-11-20T10:00:00Z','url':'https://www.facebook.com/other'}]}",
     "{'facts':{'views.window':1}}"},
    {"the last microsecond of 28 days", "{'history':[{'at':'2026-10-26T10:00:00Z'," FB "}]}",
     "{'facts':{'views.window':2,'views.d7':1,'views.d365':2}}"},
    {"and one before it", "{'history':[{'at':'2026-10-26T09:59:59.999999Z'," FB "}]}",
     "{'facts':{'views.window':1,'views.d365':2}}"},
    {"what comes later does not count", "{'history':[{'at':'2026-11-23T10:00:00.000001Z'," FB "}]}",
     "{'facts':{'views.window':1},'unknown':['views.last_at']}"},
    {"at the same instant it does", "{'history':[{'at':'2026-11-23T10:00:00Z'," FB "}]}",
     "{'facts':{'views.window':2}}"},
    {"intents are no views",
     "{'history':[{'at':'2026-11-20T10:00:00Z','kind':'intent'," FB "},"
     "{'at':'2026-11-21T10:00:00Z','kind':'enquiry.intent'," FB "}]}",
     "{'facts':{'views.window':1}}"},
    {"nor is what was no look",
     "{'history':[{'at':'2026-11-20T10:00:00Z','result':'not-looked'," FB "},"
     "{'at':'2026-11-21T10:00:00Z','result':'wrong-person'," FB "}]}",
     "{'facts':{'views.window':1}}"},
    {"other kinds are passed over", "{'history':[{'at':'2026-11-20T10:00:00Z','kind':'decision'," FB "}]}",
     "{'facts':{'views.window':1},'ignored':[]}"},
    {"eight hours of one operation are one view",
     "{'history':[{'at':'2026-11-23T02:00:00Z','author':'jo'," OP "," FB "},"
     "{'at':'2026-11-23T06:00:00Z','author':'jane'," OP "," FB "}]}",
     "{'said':[],'facts':{'views.window':1,'views.officers':2,'views.operation_officers':2}}"},
    {"a microsecond more are two", "{'history':[{'at':'2026-11-23T01:59:59.999999Z'," OP "," FB "}]}",
     "{'facts':{'views.window':2}}"},
    {"another operation folds by itself",
     "{'history':[{'at':'2026-11-23T09:00:00Z','operation':'OP-2'," FB "}]}", "{'facts':{'views.window':2}}"},
    {"without an operation nothing folds",
     "{'history':[{'at':'2026-11-23T09:00:00Z'," FB "}],"
     "'enquiry':{'operation':null}}",
     "{'facts':{'views.window':2,'views.operation_officers':0}}"},
    {"in any order of the file",
     "{'history':[{'at':'2026-11-23T06:00:00Z'," OP "," FB "},"
     "{'at':'2026-11-22T23:00:00Z'," OP "," FB "}]}",
     "{'facts':{'views.window':2,'views.last_at':'2026-11-23T06:00:00.000000Z'}}"},
    {"when it was done, not when it was reported",
     "{'history':[{'at':'2026-11-23T09:00:00Z','ended_at':'2026-10-01T09:00:00Z'," FB "}]}",
     "{'facts':{'views.window':1,'views.d365':2}}"},
    {"officers are told apart by their text",
     "{'history':[{'at':'2026-11-20T10:00:00Z','author':'jo'," FB "},"
     "{'at':'2026-11-21T10:00:00Z','author':'jane'," FB "}],"
     "'member':{'name':'Sam','alias':'sam'}}",
     "{'facts':{'views.officers':3}}"},
    {"the author under any name",
     "{'history':[{'at':'2026-11-20T10:00:00Z','author':'JO'," FB "},"
     "{'at':'2026-11-21T10:00:00Z','author':'Jo Bloggs'," FB "}],"
     "'member':{'id':'jo','name':'Jo Bloggs'}}",
     "{'facts':{'views.officers':1,'views.window':3}}"},
    {"an author in the enquiry",
     "{'history':[{'at':'2026-11-20T10:00:00Z','author':'jo'," FB "}],"
     "'enquiry':{'author':'jane'}}",
     "{'facts':{'views.officers':2},'ignored':[]}"},
    {"nobody is not one officer more",
     "{'history':[{'at':'2026-11-20T10:00:00Z','author':'jo'," FB "},"
     "{'at':'2026-11-21T10:00:00Z','author':'jane'," FB "}]}",
     "{'facts':{'views.officers':2}}"},
    {"sittings",
     "{'history':[{'at':'2026-11-18T10:00:00Z','result':'captured'," FB "},"
     "{'at':'2026-11-19T10:00:00Z','captured':true," FB "},"
     "{'at':'2026-11-20T10:00:00Z','captures':2," FB "},"
     "{'at':'2026-11-21T10:00:00Z','captures':['a.png']," FB "},"
     "{'at':'2026-11-22T10:00:00Z','captures':[{'sha256':'x'}]," FB "},"
     "{'at':'2026-11-22T20:00:00Z','captures':[]," FB "}]}",
     "{'facts':{'views.sittings':5,'views.window':7},'ignored':[]}"},
    {"immediate responses",
     "{'history':[{'at':'2026-11-20T10:00:00Z','immediate_response':'yes'," FB "},"
     "{'at':'2026-11-21T10:00:00Z','immediate_response':true," FB "}],"
     "'enquiry':{'immediate_response':'yes'}}",
     "{'facts':{'views.immediate':3}}"},
    {"a reference ties accounts",
     "{'enquiry':{'subject_ref':'NOM-1'},'history':["
     "{'at':'2026-11-20T10:00:00Z','url':'https://x.com/a','subject_ref':'nom-1'},"
     "{'at':'2026-11-21T10:00:00Z','url':'https://x.com/b'}]}",
     "{'facts':{'views.window':2,'views.accounts':2}}"},
    {"through an event as well",
     "{'history':[{'at':'2026-11-19T10:00:00Z','subject_ref':'NOM-1'," FB "},"
     "{'at':'2026-11-20T10:00:00Z','url':'https://x.com/a','subject_ref':'NOM-1'},"
     "{'at':'2026-11-21T10:00:00Z','subject_ref':'NOM-1'}]}",
     "{'facts':{'views.window':4,'views.accounts':3}}"},
    {"a tie that comes later",
     "{'history':[{'at':'2026-11-20T10:00:00Z','url':'https://x.com/a'},"
     "{'at':'2026-11-24T10:00:00Z','kind':'combine','relation':'same-person',"
     "'subjects':['x:a','facebook:westmidlandspolice']}]}",
     "{'facts':{'views.window':1}}"},
    {"accounts that were combined",
     "{'history':[{'at':'2026-11-20T10:00:00Z','url':'https://x.com/a'},"
     "{'at':'2026-11-21T10:00:00Z','kind':'combine','subjects':['https://twitter.com/A',"
     "'facebook:westmidlandspolice']}]}",
     "{'facts':{'views.window':2,'views.accounts':2}}"},
    {"and parted again",
     "{'history':[{'at':'2026-11-20T10:00:00Z','url':'https://x.com/a'},"
     "{'at':'2026-11-22T10:00:00Z','kind':'combine','relation':'not-same',"
     "'subjects':['facebook:westmidlandspolice','x:a']},"
     "{'at':'2026-11-21T10:00:00Z','kind':'combine','relation':'same-person',"
     "'subjects':['x:a','facebook:westmidlandspolice']}]}",
     "{'facts':{'views.window':1}}"},
    {"records of one matter tie nobody",
     "{'history':[{'at':'2026-11-20T10:00:00Z','url':'https://x.com/a'},"
     "{'at':'2026-11-21T10:00:00Z','kind':'combine','relation':'same-matter',"
     "'subjects':['x:a','facebook:westmidlandspolice']}]}",
     "{'facts':{'views.window':1}}"},
    {"a reference tied by a combine entry",
     "{'history':[{'at':'2026-11-20T10:00:00Z','url':'https://x.com/a'},"
     "{'at':'2026-11-21T10:00:00Z','kind':'combine','subject_ref':'N','subjects':['x:a']}],"
     "'enquiry':{'subject_ref':'N'}}",
     "{'facts':{'views.window':2}}"},
    {"an activity counts at its own time",
     "{'kind':'activity','enquiry':{'ended_at':'2026-11-20T09:00:00Z'},'history':["
     "{'at':'2026-11-20T10:00:00Z'," FB "},{'at':'2026-11-19T10:00:00Z'," FB "}]}",
     "{'facts':{'views.window':2}}"},
    {"one that was no look does not count itself",
     "{'kind':'activity','enquiry':{'result':'not-looked'},'history':[{'at':'2026-11-20T10:00:00Z'," FB "}]}",
     "{'facts':{'views.window':1,'enquiry.result':'not-looked'}}"},
    {"what nothing reads is said once",
     "{'history':[{'at':'2026-11-20T10:00:00Z','mood':1," FB "},"
     "{'at':'2026-11-21T10:00:00Z','mood':2," FB "}]}",
     "{'ignored':['history.mood']}"},
};

#define TEXT "We need to know which town he lives in because the last address on file was left in spring"
#define MINE "'author':'jo','kind':'intent','url':'https://x.com/z'"

static const struct explained own[] = {
    {"the same words again",
     "{'member':{'id':'jo'},'enquiry':{'necessity':'" TEXT "'},'history':["
     "{'at':'2026-11-20T10:00:00Z'," MINE ",'necessity':'" TEXT "'}]}",
     "{'said':['SAME'],'facts':{'entry.likeness':100,'entry.alike_d7':1}}"},
    {"somebody else's words",
     "{'member':{'id':'jane'},'enquiry':{'necessity':'" TEXT "'},'history':["
     "{'at':'2026-11-20T10:00:00Z'," MINE ",'necessity':'" TEXT "'}]}",
     "{'said':[],'facts':{'entry.likeness':0}}"},
    {"the only author there is",
     "{'enquiry':{'necessity':'" TEXT "'},'history':["
     "{'at':'2026-11-20T10:00:00Z'," MINE ",'necessity':'" TEXT "'}]}",
     "{'said':['SAME']}"},
    {"the operation's words are meant to repeat",
     "{'member':{'id':'jo'},'operation':{'name':'OP-ALDER-1','necessity':'" TEXT "'},'history':["
     "{'at':'2026-11-20T10:00:00Z'," MINE ",'necessity':'" TEXT "'}]}",
     "{'said':[],'facts':{'enquiry.necessity':'" TEXT "'},'unknown':['entry.likeness']}"},
    {"the third in seven days",
     "{'member':{'id':'jo'},'enquiry':{'prop_least':'" TEXT "'},'history':["
     "{'at':'2026-11-01T10:00:00Z'," MINE ",'prop_least':'" TEXT "'},"
     "{'at':'2026-11-16T09:00:00Z'," MINE ",'prop_least':'" TEXT "'},"
     "{'at':'2026-11-17T10:00:00Z'," MINE ",'prop_least':'" TEXT "'},"
     "{'at':'2026-11-20T10:00:00Z'," MINE ",'prop_least':'" TEXT "'}]}",
     "{'said':['SAME'],'facts':{'entry.alike_d7':3}}"},
    {"open intents",
     "{'member':{'id':'jo'},'history':["
     "{'at':'2026-11-22T09:59:59Z'," MINE "},{'at':'2026-11-22T10:00:00Z'," MINE "},"
     "{'at':'2026-11-20T10:00:00Z'," MINE ",'verdict':'refused'},"
     "{'at':'2026-11-20T10:00:00Z'," MINE ",'verdict':'waiting'},"
     "{'at':'2026-11-20T10:00:00Z'," MINE ",'verdict':'waiting','state':'approved'},"
     "{'at':'2026-11-20T10:00:00Z'," MINE ",'closed':true},"
     "{'at':'2026-11-20T10:00:00Z','author':'jane','kind':'intent','url':'https://x.com/z'}]}",
     "{'facts':{'author.open_late':2,'author.intents_m10':1}}"},
    {"answered by a report",
     "{'member':{'id':'jo'},'history':[{'at':'2026-11-20T10:00:00Z','ref':'jb-1'," MINE "},"
     "{'at':'2026-11-20T11:00:00Z'," MINE "},"
     "{'at':'2026-11-20T12:00:00Z','author':'jo','url':'https://x.com/z'},"
     "{'at':'2026-11-20T13:00:00Z','author':'jo','url':'https://x.com/z','intent':'jb-1'}]}",
     "{'facts':{'author.open_late':1}}"},
    {"many in ten minutes",
     "{'member':{'id':'jo'},'history':[{'at':'2026-11-23T09:50:00Z'," MINE "},"
     "{'at':'2026-11-23T09:49:59Z'," MINE "},{'at':'2026-11-23T10:00:00Z'," MINE "}]}",
     "{'facts':{'author.intents_m10':3}}"},
};

static const struct unexplained wrong[] = {
    {"{'history':[{'at':'" NOW "','url':'https://x.com/a'},{'url':'https://x.com/a'}]}", ERR_TIME,
     "history, 2: at"},
    {"{'history':[{'at':5}]}", ERR_TIME, "history, 1: at"},
    {"{'history':[{'at':'" NOW "','kind':'story'}]}", ERR_KIND, "history, 1: kind: story"},
    {"{'history':[{'at':'" NOW "','result':'fine'}]}", ERR_FIELD_WORD, "history, 1: result"},
    {"{'history':[{'at':'" NOW "','url':'http://'}]}", ERR_ADDRESS, "history, 1"},
    {"{'history':[{'at':'" NOW "','url':7}]}", ERR_FIELD_VALUE, "history, 1: url"},
    {"{'history':[{'at':'" NOW "','kind':'combine','subjects':[4]}]}", ERR_FIELD_VALUE,
     "history, 1: subjects"},
    {"{'history':[{'at':'" NOW "','kind':'combine','relation':'kin'}]}", ERR_FIELD_WORD,
     "history, 1: relation"},
};

static void looks_are_counted_as_views(void **state)
{
        explained_rows(*state, ROWS(views));
}

static void the_author_s_own_are_counted(void **state)
{
        explained_rows(*state, ROWS(own));
}

static void what_is_wrong_is_named(void **state)
{
        unexplained_rows(*state, ROWS(wrong));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(looks_are_counted_as_views),
            cmocka_unit_test(the_author_s_own_are_counted),
            cmocka_unit_test(what_is_wrong_is_named),
        };
        return cmocka_run_group_tests(tests, explained_open, explained_close);
}
