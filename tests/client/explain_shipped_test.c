/* Scenes of the work under the shipped pack of a police force, decided as somebody who does the work would.
 */
#include "tests/client/explained.h"

#define FB   "'url':'https://www.facebook.com/westmidlandspolice'"
#define DSA  "'ref':'DSA-1','type':'DSA','rank':'Superintendent','granted_at':'2026-09-01T15:00:00Z'"
#define TEXT "We need to know which town he lives in because the last address on file was left in spring"

static const struct explained rows[] = {
    {"an ordinary quick look", "{}", "{'verdict':'accepted','lane':'quick'}"},
    {"no aim", "{'enquiry':{'purpose_code':'other'}}", "{'verdict':'refused','among':['L01']}"},
    {"no purpose", "{'enquiry':{'purpose_code':null,'art8_aim':'A8.DC'}}",
     "{'verdict':'refused','among':['L02']}"},
    {"a child", "{'enquiry':{'subject_age_band':'14-17'}}", "{'verdict':'waiting','among':['P01']}"},
    {"a child, urgently",
     "{'enquiry':{'subject_age_band':'14-17','urgent':'child','urgency_reason_applicant':'He is on the "
     "bridge'}}",
     "{'verdict':'accepted','among':['P01']}"},
    {"a missing child",
     "{'enquiry':{'subject_age_band':'14-17','purpose_code':'trace-missing',"
     "'subject_category':'missing'}}",
     "{'verdict':'accepted','among':['P01-M']}"},
    {"an own account, urgently",
     "{'enquiry':{'account_attribution':'personal','urgent':'life','urgency_reason_applicant':'A threat'}}",
     "{'verdict':'refused','among':['E03']}"},
    {"the second view", "{'history':[{'at':'2026-11-05T10:00:00Z','author':'jo'," FB "}]}",
     "{'verdict':'accepted','among':['D06']}"},
    {"one's own decision", "{'kind':'decision','bare':true,'enquiry':{'verb':'approve','own':true}}",
     "{'verdict':'refused','among':['S01']}"},
    {"the third view, of another officer",
     "{'history':[{'at':'2026-11-05T10:00:00Z','author':'jo'," FB
     "},{'at':'2026-11-12T10:00:00Z','author':'al',"
     "'url':'m.facebook.com/westmidlandspolice'}],'member':{'id':'jane','training':2}}",
     "{'verdict':'waiting','among':['D07']}"},
    {"a picture of somebody", "{'enquiry':{'f3':'yes','specific_investigation':'yes'}}",
     "{'verdict':'waiting','lane':'authorised','among':['D01']}"},
    {"a picture of somebody under an authority",
     "{'enquiry':{'f3':'yes','specific_investigation':'yes','authority_ref':'DSA-1','authority_type':'DSA'},"
     "'authorities':[{" DSA "}]}",
     "{'verdict':'accepted','facts':{'authority.state':'live'}}"},
    {"the day after it ended",
     "{'now':'2026-12-01T00:00:00Z','enquiry':{'f3':'yes','authority_ref':'DSA-1','authority_type':'DSA'},"
     "'authorities':[{" DSA "}]}",
     "{'verdict':'refused','facts':{'authority.state':'expired'}}"},
    {"a message without an authority", "{'enquiry':{'engagement_level':'E4'}}",
     "{'verdict':'refused','lane':'authorised','among':['E01']}"},
    {"a persona that nobody registered",
     "{'enquiry':{'account_attribution':'registered-persona','persona_ref':'P-9'},'personas':[]}",
     "{'verdict':'refused','among':['E04']}"},
    {"above one's level", "{'enquiry':{'npcc_level':3},'member':{'id':'jo','training':2}}",
     "{'verdict':'refused','among':['E06']}"},
    {"the words of last time",
     "{'member':{'id':'jo','training':2},'enquiry':{'necessity':'" TEXT "'},'history':[{'at':"
     "'2026-11-20T10:00:00Z','author':'jo','kind':'intent','url':'https://x.com/z','necessity':'" TEXT "'}]}",
     "{'verdict':'accepted','among':['Q01']}"},
    {"a renewal after the end",
     "{'kind':'authority','bare':true,'enquiry':{'act':'renew','authority':'DSA-1',"
     "'granted_at':'2026-12-01T00:00:00Z'},'authorities':[{" DSA "}]}",
     "{'verdict':'refused','among':['A08']}"},
    {"a negative result is amended",
     "{'kind':'amend','bare':true,'enquiry':{'amended_field':'result','target':"
     "{'kind':'activity','result':'negative','cpia_relevant':'yes'}}}",
     "{'verdict':'refused','among':['Q08']}"},
    {"the logs without a purpose",
     "{'kind':'consult','bare':true,'enquiry':{'class':'list','reads_logs':true}}",
     "{'verdict':'refused','among':['S04']}"},
    {"an erasure under a hold",
     "{'kind':'erase','bare':true,'enquiry':{'held':true,'target':{'result':'found'}}}",
     "{'verdict':'refused','among':['S10']}"},
};

static int open_shipped(void **state)
{
        struct why why = {OK, ""};
        struct pack *pack = NULL;
        if (crypto_setup() || policy_load("policy/uk-police.yaml", &pack, &why)) {
                print_error("%s\n", why.detail);
                return 1;
        }
        *state = pack;
        return 0;
}

static void the_work_goes_on_and_its_limits_hold(void **state)
{
        explained_rows(*state, ROWS(rows));
}

int main(void)
{
        const struct CMUnitTest tests[] = {cmocka_unit_test(the_work_goes_on_and_its_limits_hold)};
        return cmocka_run_group_tests(tests, open_shipped, explained_close);
}
