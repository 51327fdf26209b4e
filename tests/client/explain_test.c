/* What one enquiry says itself, its author and operation, the kinds of entry, and what is wrong. */
#include "tests/client/explained.h"

static const struct explained looks[] = {
    {"the quick look", "{}",
     "{'verdict':'accepted','lane':'quick','said':[],'erred':[],'ignored':[],'facts':{"
     "'enquiry.subject':'facebook:westmidlandspolice','enquiry.platform':'facebook',"
     "'enquiry.le_purpose':'detect','enquiry.art8_aim':'disorder-or-crime','enquiry.f1':'yes',"
     "'enquiry.f2':'yes','enquiry.covert':'yes','enquiry.at':'2026-11-23T10:00:00.000000Z',"
     "'operation.known':1,'operation.open':1,'views.window':1,'views.sittings':0,"
     "'authority.claimed':0,'persona.claimed':0,'author.intents_m10':1,'author.open_late':0},"
     "'unknown':['author.roles','entry.likeness','views.last_at','authority.type','enquiry.f4']}"},
    {"a missing field is judged, not asked for",
     "{'enquiry':{'purpose_code':null,'objective':null,'f3':null}}",
     "{'verdict':'refused','said':['AIM'],'unknown':['enquiry.f3','enquiry.art8_aim']}"},
    {"nothing at all", "{'bare':true,'enquiry':{}}",
     "{'verdict':'refused','said':['AIM'],'unknown':['views.window','operation.known']}"},
    {"other settles no aim", "{'enquiry':{'purpose_code':'other'}}", "{'verdict':'refused','said':['AIM']}"},
    {"codes are words", "{'enquiry':{'art8_aim':'A8.PS','engagement_level':'E4','ripa_ground':'r28.B'}}",
     "{'lane':'authorised','facts':{'enquiry.art8_aim':'public-safety','enquiry.engagement_level':'message',"
     "'enquiry.ripa_ground':'crime-or-disorder'}}"},
    {"true is yes", "{'enquiry':{'f3':true}}",
     "{'verdict':'waiting','lane':'authorised','said':['PIC'],'facts':{'enquiry.f3':'yes'}}"},
    {"one word is a list of one",
     "{'enquiry':{'sensitive_categories':'health','other_sources':'a register'}}",
     "{'facts':{'enquiry.sensitive_categories':['health'],'enquiry.other_sources':['a register']}}"},
    {"null is absent", "{'bare':true,'enquiry':{'art8_aim':'A8.PS','necessity':null,'colour':null}}",
     "{'said':[],'ignored':[],'unknown':['enquiry.necessity']}"},
    {"what nothing reads is said", "{'enquiry':{'colour':'red','result':'captured','target':{}}}",
     "{'said':[],'ignored':['enquiry.colour','enquiry.result','enquiry.target']}"},
    {"a child", "{'enquiry':{'subject_age_band':'10-13'}}",
     "{'verdict':'waiting','lane':'standard','said':['KID']}"},
    {"urgency lifts approval",
     "{'enquiry':{'subject_age_band':'10-13','urgent':'child',"
     "'urgency_reason_applicant':'He is on the bridge'}}",
     "{'verdict':'accepted','lane':'standard','said':['KID']}"},
    {"all rules that err are told, the others are asked",
     "{'enquiry':{'objective':'break it','subject_age_band':'10-13','necessity':'"
     "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'}}",
     "{'verdict':'refused','erred':['ERR1','ERR2'],'said':['KID']}"},
    {"a reference stands for an address", "{'enquiry':{'url':null,'subject_ref':'NOM-1'}}",
     "{'facts':{'enquiry.subject':'ref:nom-1','views.window':1}}"},
    {"what is searched for", "{'enquiry':{'url':null,'query_text':'Big  March'}}",
     "{'facts':{'enquiry.subject':'term:big march','enquiry.target_kind':'hashtag/term'},"
     "'unknown':['enquiry.f1']}"},
    {"a time may be now", "{'enquiry':{'event_at':'now'}}",
     "{'facts':{'enquiry.event_at':'2026-11-23T10:00:00Z'}}"},
};

static const struct explained people[] = {
    {"without a member the level is the entry's own", "{'enquiry':{'npcc_level':4}}",
     "{'said':[],'facts':{'author.training':4}}"},
    {"a member with too low a level", "{'enquiry':{'npcc_level':3},'member':{'name':'Jo','training':2}}",
     "{'verdict':'refused','said':['LVL'],'facts':{'author.training':2}}"},
    {"the level under its other name", "{'enquiry':{'npcc_level':3},'member':{'npcc_level':3}}",
     "{'said':[]}"},
    {"a member whose level is not said", "{'enquiry':{'npcc_level':3},'member':{'name':'Jo'}}",
     "{'said':[],'facts':{'author.training':3},'unknown':['author.roles']}"},
    {"what the membership gives",
     "{'member':{'id':'jo','rank':'Sergeant','unit':'north','force':'West','agency':'LA','training':2,"
     "'jurisdiction':'SCT','roles':['investigator','supervisor'],'device_class':'personal',"
     "'courses':['OSINT 1'],'training_expires_at':'2027-01-01T00:00:00Z','shoe_size':9}}",
     "{'facts':{'enquiry.applicant_rank':'Sergeant','enquiry.applicant_unit':'north','enquiry.force':'West',"
     "'enquiry.agency':'local-authority','enquiry.jurisdiction':'SCT','enquiry.device_class':'personal',"
     "'enquiry.training':['OSINT 1'],'enquiry.training_expires_at':'2027-01-01T00:00:00Z',"
     "'enquiry.npcc_level':1,'author.unit':'north','author.training':2,"
     "'author.roles':'investigator,supervisor'},'ignored':['member.shoe_size']}"},
    {"the entry wins over the membership", "{'enquiry':{'agency':'police'},'member':{'agency':'council'}}",
     "{'facts':{'enquiry.agency':'police'}}"},
    {"roles as a text", "{'member':{'role':'investigator, dpo'}}",
     "{'facts':{'author.roles':'investigator,dpo'}}"},
    {"what the operation gives",
     "{'enquiry':{'operation':null},'operation':{'operation':'OP-ELM','art8_aim':'A8.PS',"
     "'lawful_basis':'common law','justification':'It is needed','alternatives':'pnc','colour':'red'}}",
     "{'facts':{'enquiry.operation':'OP-ELM','enquiry.lawful_basis':'common law',"
     "'enquiry.art8_aim':'disorder-or-crime','enquiry.justification':'It is needed',"
     "'enquiry.alternatives':['pnc'],'operation.known':1,'operation.open':1},"
     "'ignored':['operation.colour']}"},
    {"as `operation show` prints it", "{'operation':{'operation':'OP-ALDER-1','fields':{'crime_ref':'C/1'}}}",
     "{'facts':{'enquiry.crime_ref':'C/1'}}"},
    {"a closed one", "{'operation':{'name':'OP-ALDER-1','state':'closed'}}",
     "{'facts':{'operation.known':1,'operation.open':0}}"},
    {"closed later", "{'operation':{'closed_at':'2026-11-23T10:00:00.000001Z'}}",
     "{'facts':{'operation.open':1}}"},
    {"closed now", "{'operation':{'closed_at':'2026-11-23T10:00:00Z'}}", "{'facts':{'operation.open':0}}"},
    {"another operation than the entry's", "{'operation':{'operation':'OP-OAK','crime_ref':'C/1'}}",
     "{'facts':{'operation.known':1,'operation.open':1},'unknown':['enquiry.crime_ref'],"
     "'ignored':['operation.OP-OAK']}"},
};

static const struct explained kinds[] = {
    {"an activity without an intent", "{'kind':'activity','enquiry':{'result':'found'}}",
     "{'verdict':'accepted','lane':'quick','facts':{'entry.intent_state':'none','entry.approved':0,"
     "'enquiry.result':'found-not-captured','enquiry.kind':'enquiry.activity'},'unknown':['entry.late_s']}"},
    {"an activity is kept and flagged", "{'kind':'activity','enquiry':{'purpose_code':null}}",
     "{'verdict':'flagged','said':['AIM']}"},
    {"an activity under its intent",
     "{'kind':'activity','bare':true,'enquiry':{'result':'captured','ended_at':'2026-11-23T09:59:00Z',"
     "'intent':{'url':'https://x.com/"
     "metpoliceuk','purpose_code':'trace-suspect','operation':'OP-1','f3':'no'}}}",
     "{'verdict':'accepted','said':[],'facts':{'enquiry.subject':'x:metpoliceuk','enquiry.f3':'no',"
     "'entry.intent_state':'accepted','entry.late_s':60,'entry.other_subject':0,'operation.known':1,"
     "'views.window':1,'views.sittings':1}}"},
    {"another subject than the intent's",
     "{'kind':'activity','bare':true,'enquiry':{'url':'https://x.com/other','result':'found',"
     "'engagement_level':'E4','intent':{'url':'https://x.com/metpoliceuk','art8_aim':'A8.PS'}}}",
     "{'facts':{'enquiry.subject':'x:other','entry.other_subject':1,'entry.more_engagement':1}}"},
    {"an approved intent",
     "{'kind':'activity','enquiry':{'approved':true,'f3':'no','subject_age_band':'10-13',"
     "'engagement_level':'message'}}",
     "{'verdict':'accepted','lane':'authorised','said':['KID'],'facts':{'entry.approved':1}}"},
    {"an intent that was not",
     "{'kind':'activity','enquiry':{'subject_age_band':'10-13','intent':{},"
     "'intent_state':'returned','engagement_level':'message'}}",
     "{'verdict':'flagged','said':['AIM','KID'],'facts':{'entry.intent_state':'returned'}}"},
    {"an intent by reference",
     "{'kind':'activity','bare':true,'enquiry':{'intent':'jb-4','result':'captured'},'history':[{'ref':'jb-4'"
     ","
     "'kind':'intent','at':'2026-11-23T09:00:00Z','url':'https://x.com/"
     "a','art8_aim':'A8.PS','operation':'O'}]}",
     "{'verdict':'accepted','facts':{'enquiry.subject':'x:a','entry.intent_state':'accepted'}}"},
    {"captures that cannot be checked",
     "{'kind':'activity','enquiry':{'result':'captured','captures':[{'sha256':'a','url':'b'},{'url':'c'}]}}",
     "{'facts':{'entry.captures_incomplete':1}}"},
    {"one's own decision", "{'kind':'decision','bare':true,'enquiry':{'verb':'approve','own':true}}",
     "{'verdict':'refused','lane':'','said':['OWN'],'facts':{'author.own':1}}"},
    {"a decision on the same author's",
     "{'kind':'decision','bare':true,'member':{'id':'sam','role':'supervisor'},"
     "'enquiry':{'target':{'author':'SAM','kind':'intent','f3':'no'}}}",
     "{'verdict':'refused','facts':{'entry.target_kind':'enquiry.intent'}}"},
    {"a decision on somebody else's",
     "{'kind':'decision','bare':true,'member':{'id':'sam'},"
     "'enquiry':{'target':{'author':'jo','kind':'intent'}}}",
     "{'verdict':'accepted','facts':{'author.own':0}}"},
    {"a decision on nobody knows whose", "{'kind':'decision','bare':true,'enquiry':{'verb':'refuse'}}",
     "{'verdict':'accepted','unknown':['author.own']}"},
    {"an amend of a negative result",
     "{'kind':'amend','bare':true,'enquiry':{'amended_field':'result',"
     "'target':{'kind':'activity','result':'negative','cpia_relevant':'yes'}}}",
     "{'verdict':'refused','said':['NEG'],'facts':{'entry.target_result':'negative'}}"},
    {"an amend of another", "{'kind':'amend','bare':true,'enquiry':{'target':{'result':'captured'}}}",
     "{'verdict':'accepted'}"},
    {"an erasure under a hold",
     "{'kind':'erase','bare':true,'enquiry':{'held':true,'target':{'result':'found'}}}",
     "{'verdict':'refused','said':['HELD'],'facts':{'entry.act':'order','entry.target_kind':'enquiry."
     "activity'}}"},
    {"a confirmed one", "{'kind':'erase','bare':true,'enquiry':{'act':'confirm'}}",
     "{'verdict':'accepted','facts':{'entry.act':'confirm','entry.target_held':0}}"},
    {"reading the logs", "{'kind':'consult','bare':true,'enquiry':{'class':'list','reads_logs':true}}",
     "{'verdict':'refused','said':['LOGS']}"},
    {"reading the logs by a query", "{'kind':'consult','bare':true,'enquiry':{'query':{'kind':'erase'}}}",
     "{'verdict':'refused','facts':{'entry.reads_logs':1,'enquiry.query':'{\\'kind\\':\\'erase\\'}'}}"},
    {"with one of the four purposes",
     "{'kind':'consult','bare':true,'enquiry':{'reads_logs':{'all':true},"
     "'log_purpose':'security','purpose':'audit'}}",
     "{'verdict':'accepted','facts':{'enquiry.log_purpose':'integrity'},'ignored':[]}"},
    {"reading the logs by a kind that is none",
     "{'kind':'consult','bare':true,'enquiry':{'class':'list','query':{'kind':'','all':true}}}",
     "{'verdict':'refused','facts':{'entry.reads_logs':1}}"},
    {"a class that lists nothing",
     "{'kind':'consult','bare':true,'enquiry':{'class':'show','query':{'ref':'jb-17','all':true}}}",
     "{'verdict':'accepted','facts':{'entry.reads_logs':0}}"},
    {"reading enquiries", "{'kind':'consult','bare':true,'enquiry':{'query':{'kind':'enquiry.intent'}}}",
     "{'verdict':'accepted','facts':{'entry.reads_logs':0}}"},
    {"adopting a policy", "{'kind':'policy','bare':true,'enquiry':{}}",
     "{'verdict':'accepted','said':['APD'],'unknown':['persona.count'],'facts':{'entry.act':'adopt'}}"},
    {"with a register",
     "{'kind':'policy','bare':true,'enquiry':{'apd_ref':'APD-1'},'personas':[{'ref':'P-1'}]}",
     "{'said':[],'facts':{'persona.count':1}}"},
    {"a review", "{'kind':'review','bare':true,'enquiry':{'verb':'no-error','own':false}}",
     "{'verdict':'accepted','facts':{'author.own':0}}"},
    {"a persona", "{'kind':'persona','bare':true,'enquiry':{'persona_ref':'P-1','act':'assign'}}",
     "{'verdict':'accepted','facts':{'entry.act':'assign'}}"},
};

static const struct unexplained wrong[] = {
    {"{'enquiry':[]}", ERR_FILE_FORM, "the enquiry: an object"},
    {"{'enquiry':'text'}", ERR_FILE_FORM, "the enquiry"},
    {"{'member':[]}", ERR_FILE_FORM, "the member"},
    {"{'operation':3}", ERR_FILE_FORM, "the operation"},
    {"{'history':{}}", ERR_FILE_FORM, "the history: a list"},
    {"{'history':[{'at':'" NOW "'},4]}", ERR_FILE_FORM, "the history, 2"},
    {"{'authorities':'DSA'}", ERR_FILE_FORM, "the authorities"},
    {"{'personas':[[]]}", ERR_FILE_FORM, "the personas, 1"},
    {"{'enquiry':{'f3':'maybe'}}", ERR_FIELD_WORD, "f3"},
    {"{'enquiry':{'f3':3}}", ERR_FIELD_VALUE, "f3"},
    {"{'enquiry':{'objective':['a']}}", ERR_FIELD_VALUE, "objective"},
    {"{'enquiry':{'objective':4.5}}", ERR_FIELD_VALUE, "objective"},
    {"{'enquiry':{'npcc_level':9}}", ERR_FIELD_VALUE, "npcc_level"},
    {"{'enquiry':{'event_at':'yesterday'}}", ERR_TIME, "event_at"},
    {"{'enquiry':{'url':'http://'}}", ERR_ADDRESS, "http://"},
    {"{'kind':'activity','enquiry':{'intent':7}}", ERR_FIELD_VALUE, "intent"},
    {"{'kind':'activity','enquiry':{'intent':{'f3':'x'}}}", ERR_FIELD_WORD, "f3"},
    {"{'kind':'activity','enquiry':{'intent_state':'lost'}}", ERR_FIELD_WORD, "intent_state"},
    {"{'kind':'decision','enquiry':{'verb':'nod'}}", ERR_FIELD_WORD, "verb: nod"},
    {"{'kind':'erase','enquiry':{'act':'burn'}}", ERR_FIELD_WORD, "act: burn"},
    {"{'kind':'amend','enquiry':{'target':[]}}", ERR_FIELD_VALUE, "target"},
    {"{'kind':'amend','enquiry':{'target':{'kind':'story'}}}", ERR_KIND, "target: story"},
    {"{'member':{'role':'king'}}", ERR_FIELD_WORD, "role: king"},
    {"{'member':{'role':4}}", ERR_FIELD_VALUE, "role"},
    {"{'member':{'roles':[4]}}", ERR_FIELD_VALUE, "role"},
    {"{'member':{'training':6}}", ERR_FIELD_VALUE, "training"},
    {"{'member':{'agency':'guild'}}", ERR_FIELD_WORD, "agency"},
    {"{'operation':{'state':'ajar'}}", ERR_FIELD_WORD, "state"},
    {"{'operation':{'closed_at':7}}", ERR_TIME, "closed_at"},
    {"{'operation':{'art8_aim':'profit'},'enquiry':{'purpose_code':null}}", ERR_FIELD_WORD, "art8_aim"},
    {"{'rule':'NONE'}", ERR_ABSENT, "NONE"},
    {"{'rule':'OWN'}", ERR_ABSENT, "enquiry.intent"},
};

static void a_look_is_completed_as_log_completes_it(void **state)
{
        explained_rows(*state, ROWS(looks));
}

static void author_and_operation_give_what_they_have(void **state)
{
        explained_rows(*state, ROWS(people));
}

static void each_kind_has_its_facts(void **state)
{
        explained_rows(*state, ROWS(kinds));
}

static void what_is_wrong_is_named(void **state)
{
        unexplained_rows(*state, ROWS(wrong));
}

/* A rule says which columns it read, and nothing else. */
static void a_rule_shows_what_it_read(void **state)
{
        struct why why = {OK, ""};
        json_t *given = explained_json("{'rule':'PIC','enquiry':{'f3':'yes'}}"), *answer = NULL;
        json_t *want = explained_json("[{'id':'PIC','said':true,'effect':'authorise','kind':'code',"
                                      "'title':'A picture without an authority','because':'A code',"
                                      "'advice':'Ask for an authority.','facts':{'enquiry.f3':'yes',"
                                      "'authority.live':0,'authority.determined':0}}]");
        assert_int_equal(explained_run(*state, given, &answer, &why), OK);
        explained_same("PIC", "rules", json_object_get(answer, "rules"), want);
        json_decref(given);
        json_decref(answer);
        json_decref(want);
}

static void parameters_and_what_is_not_known_are_shown(void **state)
{
        struct why why = {OK, ""};
        json_t *given = explained_json("{'bare':true,'enquiry':{}}"), *answer = NULL;
        json_t *want = explained_json("{'views.window':null,'parameter.views_most':3}");
        const json_t *rule;
        size_t i, seen = 0;
        assert_int_equal(explained_run(*state, given, &answer, &why), OK);
        json_array_foreach(json_object_get(answer, "rules"), i, rule)
        {
                if (strcmp(text_of(rule, "id"), "MANY") == 0) {
                        explained_same("MANY", "facts", json_object_get(rule, "facts"), want);
                        seen++;
                }
        }
        assert_int_equal(seen, 1);
        json_decref(given);
        json_decref(answer);
        json_decref(want);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(a_look_is_completed_as_log_completes_it),
            cmocka_unit_test(author_and_operation_give_what_they_have),
            cmocka_unit_test(each_kind_has_its_facts),
            cmocka_unit_test(what_is_wrong_is_named),
            cmocka_unit_test(a_rule_shows_what_it_read),
            cmocka_unit_test(parameters_and_what_is_not_known_are_shown),
        };
        return cmocka_run_group_tests(tests, explained_open, explained_close);
}
