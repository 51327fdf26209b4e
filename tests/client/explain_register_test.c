/* Authorities with what became of them, determinations, personas. */
#include "tests/client/explained.h"

/* A written grant of 1 September: it ends with 30 November. */
#define DSA                                                                                                  \
        "'authority_ref':'DSA-1','authority_type':'DSA','granted_at':'2026-09-01T15:00:00Z',"                \
        "'ao_rank':'Superintendent'"
#define CLAIM "'enquiry':{'f3':'yes','authority_ref':'DSA-1'}"

static const struct explained authorities[] = {
    {"none claimed", "{'authorities':[{" DSA "}]}",
     "{'facts':{'authority.state':'none','authority.claimed':0}}"},
    {"in force", "{" CLAIM ",'authorities':[{" DSA "}]}",
     "{'verdict':'accepted','lane':'standard','said':[],'facts':{'authority.state':'live',"
     "'authority.rank':'superintendent','authority.reviews':0,'authority.type':'DSA'},"
     "'unknown':['authority.subject_in_scope','authority.same_force']}"},
    {"the reference in small letters", "{'enquiry':{'authority_ref':'dsa-1'},'authorities':[{" DSA "}]}",
     "{'facts':{'authority.live':1}}"},
    {"not registered", "{" CLAIM ",'authorities':[]}",
     "{'verdict':'refused','lane':'authorised','said':['PIC','CLM'],'facts':{'authority.state':'unregistered'"
     "}}"},
    {"without a list it is what the enquiry says", "{" CLAIM "}",
     "{'verdict':'accepted','said':[],'facts':{'authority.state':'live'},'unknown':['authority.rank']}"},
    {"all that the enquiry says",
     "{'enquiry':{'authority_type':'JP-approved-DSA','authority_form':'written',"
     "'ripa_ground':'R28.b','jp_order_ref':'JP/1','authority_ref':'LA-1'}}",
     "{'said':[],'facts':{'authority.live':1,'authority.type':'JP-approved-DSA','authority.form':'written',"
     "'authority.jp_order':1,'authority.grounds':'[\\'crime-or-disorder\\']'}}"},
    {"a type without a reference", "{'enquiry':{'authority_type':'DSA','f3':'yes'}}",
     "{'verdict':'accepted','facts':{'authority.live':1}}"},
    {"the same with a list", "{'enquiry':{'authority_type':'DSA'},'authorities':[{" DSA "}]}",
     "{'verdict':'refused','said':['CLM']}"},
    {"none needed is no claim", "{'enquiry':{'authority_type':'none'}}", "{'facts':{'authority.claimed':0}}"},
    {"the last second of three months",
     "{" CLAIM ",'now':'2026-11-30T23:59:59.999999Z','authorities':[{" DSA "}]}",
     "{'facts':{'authority.state':'live','authority.hours_left':0}}"},
    {"and the next", "{" CLAIM ",'now':'2026-12-01T00:00:00Z','authorities':[{" DSA "}]}",
     "{'verdict':'refused','facts':{'authority.state':'expired'}}"},
    {"72 hours", "{" CLAIM ",'now':'2026-09-04T15:00:00Z','authorities':[{" DSA ",'form':'urgent-oral'}]}",
     "{'facts':{'authority.state':'expired','authority.urgent':1}}"},
    {"by a rank that may act in urgent cases only",
     "{" CLAIM ",'now':'2026-09-04T14:59:59Z','authorities':[{'ref':'DSA-1','type':'DSA','rank':'Inspector',"
     "'granted':'2026-09-01T15:00:00Z','act':'RIPA','ground':'R28.b'}]}",
     "{'facts':{'authority.state':'live','authority.urgent':1,'authority.act':'RIPA'}}"},
    {"not begun", "{" CLAIM ",'authorities':[{" DSA ",'effective_at':'2026-11-24T00:00:00Z'}]}",
     "{'facts':{'authority.state':'not-begun'}}"},
    {"cancelled", "{" CLAIM ",'authorities':[{" DSA ",'cancelled_at':'2026-11-23T10:00:00Z'}]}",
     "{'facts':{'authority.state':'cancelled'}}"},
    {"cancelled later", "{" CLAIM ",'authorities':[{" DSA ",'cancelled':'2026-11-23T10:00:01Z'}]}",
     "{'facts':{'authority.state':'live'}}"},
    {"cancelled, nobody says when", "{" CLAIM ",'authorities':[{" DSA ",'cancelled':true}]}",
     "{'facts':{'authority.state':'cancelled'}}"},
    {"renewed",
     "{" CLAIM ",'now':'2027-02-28T12:00:00Z','authorities':[{" DSA ",'renewals':["
     "{'granted_at':'2026-11-20T09:00:00Z','rank':'Superintendent'}]}]}",
     "{'facts':{'authority.state':'live'}}"},
    {"renewed too late",
     "{" CLAIM ",'now':'2026-12-03T12:00:00Z','authorities':[{" DSA ",'renewals':["
     "'2026-12-02T09:00:00Z']}]}",
     "{'facts':{'authority.state':'expired'}}"},
    {"renewed by an event of its own",
     "{" CLAIM ",'now':'2027-02-28T12:00:00Z','authorities':[{" DSA "},"
     "{'act':'renew','authority':'DSA-1','granted_at':'2026-11-20T09:00:00Z'}]}",
     "{'facts':{'authority.state':'live'}}"},
    {"reviews",
     "{" CLAIM ",'authorities':[{" DSA ",'review_dates':['2026-10-01T00:00:00Z'],"
     "'reviews':[{'reviewed_at':'2026-09-30T09:00:00Z','review_text':'All well'},'2026-10-01T09:00:00Z']}]}",
     "{'facts':{'authority.reviews':2,'authority.review_overdue':0}}"},
    {"a review that was not held",
     "{" CLAIM ",'authorities':[{" DSA ",'review_dates':['2026-10-01T00:00:00Z'],"
     "'reviewed_at':'2026-09-30T09:00:00Z'}]}",
     "{'facts':{'authority.reviews':1,'authority.review_overdue':1}}"},
    {"a scope",
     "{" CLAIM ",'authorities':[{" DSA ",'scope':{'subjects':['https://m.facebook.com/westmidlandspolice'],"
     "'platforms':'x','tactics':['manual'],'engagement':'E1'}}]}",
     "{'facts':{'authority.subject_in_scope':1,'authority.platform_in_scope':0,'authority.tactic_in_scope':1,"
     "'authority.engagement_in_scope':1}}"},
    {"another subject", "{" CLAIM ",'authorities':[{" DSA ",'scope_subjects':['x:a']}]}",
     "{'facts':{'authority.subject_in_scope':0}}"},
    {"the same force",
     "{" CLAIM ",'member':{'force':'West Midlands'},'authorities':[{" DSA ",'ao_force':'west midlands'}]}",
     "{'facts':{'authority.same_force':1}}"},
    {"an activity counts at its own time",
     "{'kind':'activity','enquiry':{'f3':'yes','authority_ref':'DSA-1','ended_at':'2026-11-30T20:00:00Z'},"
     "'now':'2026-12-05T10:00:00Z','authorities':[{" DSA "}]}",
     "{'verdict':'accepted','facts':{'authority.state':'live'}}"},
    {"a determination of the subject",
     "{'enquiry':{'f3':'yes'},'authorities':[{'determination':'Not directed',"
     "'granted_at':'2026-11-22T10:00:00Z','subjects':['facebook:westmidlandspolice']}]}",
     "{'verdict':'accepted','said':[],'facts':{'authority.determined':1,'authority.claimed':0}}"},
    {"of another subject", "{'enquiry':{'f3':'yes'},'authorities':[{'determination':true,'subjects':'x:a'}]}",
     "{'verdict':'waiting','said':['PIC']}"},
    {"of nothing in particular: of this", "{'enquiry':{'f3':'yes'},'authorities':[{'act':'determine'}]}",
     "{'verdict':'accepted'}"},
    {"of this, after the fact",
     "{'kind':'activity','enquiry':{'f3':'yes'},'authorities':[{'type':'determination'}]}",
     "{'verdict':'accepted'}"},
    {"of the operation",
     "{'enquiry':{'f3':'yes'},'authorities':[{'determination':true,'operation':'OP-ALDER-1'}]}",
     "{'verdict':'accepted'}"},
    {"claimed without a list", "{'enquiry':{'f3':'yes','authority_type':'determination'}}",
     "{'verdict':'accepted'}"},
    {"what nothing reads", "{'authorities':[{" DSA ",'colour':1,'scope':{'smell':2}}]}",
     "{'ignored':['authorities.colour','authorities.smell']}"},
};

static const struct explained entries[] = {
    {"a grant", "{'kind':'authority','bare':true,'enquiry':{" DSA ",'form':'written'}}",
     "{'verdict':'accepted','facts':{'entry.act':'register','authority.rank':'superintendent',"
     "'authority.form':'written'}}"},
    {"a renewal in time",
     "{'kind':'authority','bare':true,'enquiry':{'act':'renew','authority':'DSA-1',"
     "'granted_at':'2026-11-30T23:59:59Z'},'authorities':[{" DSA "}]}",
     "{'verdict':'accepted','facts':{'authority.state':'live','entry.act':'renew'}}"},
    {"a renewal after the end",
     "{'kind':'authority','bare':true,'enquiry':{'act':'renew','authority_ref':'DSA-1',"
     "'granted_at':'2026-12-01T00:00:00Z'},'authorities':[{" DSA "}]}",
     "{'verdict':'refused','said':['LATE']}"},
    {"what it is about, in the same file",
     "{'kind':'authority','bare':true,'enquiry':{'act':'renew','granted_at':'2026-12-01T00:00:00Z',"
     "'authority':{" DSA ",'renewals':['2026-11-30T10:00:00Z']}}}",
     "{'verdict':'accepted','facts':{'authority.state':'live'}}"},
    {"a review",
     "{'kind':'authority','bare':true,'enquiry':{'act':'review','reviewed_at':'2026-10-01T00:00:00Z',"
     "'review_text':'Nothing new has been seen in all these weeks and the grant stays as it is',"
     "'authority':{" DSA ",'necessity':'Nothing new has been seen in all these weeks and the grant "
     "stays as it is'}}}",
     "{'facts':{'entry.likeness':100,'enquiry.reviewed_at':'2026-10-01T00:00:00Z'}}"},
    {"a cancellation of nobody knows what", "{'kind':'authority','bare':true,'enquiry':{'act':'cancel'}}",
     "{'verdict':'accepted','unknown':['authority.state']}"},
    {"a determination", "{'kind':'authority','bare':true,'enquiry':{'determination':'It is not'}}",
     "{'facts':{'entry.act':'determine','enquiry.determination':'It is not'}}"},
};

#define PERSONA "'enquiry':{'persona_ref':'P-1'}"

static const struct explained personas[] = {
    {"without a register it is known", "{" PERSONA "}",
     "{'said':[],'facts':{'persona.claimed':1,'persona.state':'live'}}"},
    {"not in the register", "{" PERSONA ",'personas':[]}",
     "{'verdict':'refused','said':['PER'],'facts':{'persona.state':'unregistered'}}"},
    {"assigned",
     "{" PERSONA ",'member':{'alias':'jb'},'personas':[{'ref':'P-1','assigned_to':['sam','JB']}]}",
     "{'said':[],'facts':{'persona.state':'live'}}"},
    {"as a text",
     "{'enquiry':{'persona_ref':'P-1','author':'jb'},'personas':[{'persona_ref':'P-1',"
     "'assigned_to':'jb'}]}",
     "{'facts':{'persona.state':'live'}}"},
    {"assigned to others",
     "{" PERSONA ",'member':{'alias':'jb'},'personas':[{'ref':'P-1','assigned_to':['sam']}]}",
     "{'said':['PER'],'facts':{'persona.state':'unassigned'}}"},
    {"nobody knows who looks", "{" PERSONA ",'personas':[{'ref':'P-1','assigned_to':['sam']}]}",
     "{'said':[],'facts':{'persona.state':'live'}}"},
    {"lapsed", "{" PERSONA ",'personas':[{'ref':'P-1','lapsed_at':'2026-11-23T10:00:00Z'}]}",
     "{'said':['PER'],'facts':{'persona.state':'lapsed'}}"},
    {"lapses later", "{" PERSONA ",'personas':[{'ref':'P-1','cancelled_at':'2026-11-23T10:00:01Z'}]}",
     "{'facts':{'persona.state':'live'}}"},
    {"lapsed, nobody says when", "{" PERSONA ",'personas':[{'ref':'P-1','state':'lapsed'}]}",
     "{'facts':{'persona.state':'lapsed'}}"},
    {"expired", "{" PERSONA ",'personas':[{'ref':'P-1','expires_at':'2026-11-23T10:00:00Z'}]}",
     "{'facts':{'persona.state':'lapsed'}}"},
};

static const struct unexplained wrong[] = {
    {"{'authorities':[{" DSA "},{" DSA "}]}", ERR_AUTHORITY_TAKEN, "authorities, 2"},
    {"{'authorities':[{'granted_at':'soon'}]}", ERR_TIME, "authorities, 1: granted_at"},
    {"{'authorities':[{'type':'DSX'}]}", ERR_FIELD_WORD, "authorities, 1: authority_type"},
    {"{'authorities':[{" DSA ",'renewals':7}]}", ERR_FIELD_VALUE, "renewals"},
    {"{'authorities':[{" DSA ",'cancelled_at':7}]}", ERR_FIELD_VALUE, "cancelled_at"},
    {"{'authorities':[{" DSA ",'reviews':['soon']}]}", ERR_TIME, "reviewed_at"},
    {"{'authorities':[{'act':'renew','authority':'DSA-9'}]}", ERR_REF, "authorities, 1: authority"},
    {"{'kind':'authority','enquiry':{'act':'renew','authority':'DSA-9'},'authorities':[]}", ERR_REF,
     "authority"},
    {"{'personas':[{'ref':'P-1'},{'ref':'P-1'}]}", ERR_PERSONA_TAKEN, "personas, 2"},
    {"{'personas':[{'ref':'P-1','state':'asleep'}]}", ERR_FIELD_WORD, "personas, 1: state"},
    {"{'personas':[{'ref':4}]}", ERR_FIELD_VALUE, "persona_ref"},
};

static void authorities_are_judged_by_their_clocks_and_scope(void **state)
{
        explained_rows(*state, ROWS(authorities));
}

static void entries_about_authorities_are_judged(void **state)
{
        explained_rows(*state, ROWS(entries));
}

static void personas_are_one_s_own_or_not(void **state)
{
        explained_rows(*state, ROWS(personas));
}

static void what_is_wrong_is_named(void **state)
{
        unexplained_rows(*state, ROWS(wrong));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
            cmocka_unit_test(authorities_are_judged_by_their_clocks_and_scope),
            cmocka_unit_test(entries_about_authorities_are_judged),
            cmocka_unit_test(personas_are_one_s_own_or_not),
            cmocka_unit_test(what_is_wrong_is_named),
        };
        return cmocka_run_group_tests(tests, explained_open, explained_close);
}
