/* vocabularies: the words that fields may hold. For fields.c; everybody else reaches them through a field or
 * through vocabularies[] of fields.h. Data only. */
#ifndef SCHEMA_VOCABULARIES_H
#define SCHEMA_VOCABULARIES_H

#include "schema/fields.h"

/* clang-format off */
#define VOCABULARIES(X) \
        X(tri) X(yesno) X(agency) X(jurisdiction) X(conflict) X(purpose_code) X(le_purpose) X(art8_aim) \
        X(ripa_ground) X(alternatives) X(articles) X(authority_type) X(authority_form) X(authority_act) \
        X(urgent) X(target_kind) X(subject_category) X(age_band) X(special) X(confidence) \
        X(attribution) X(openness) X(third_parties) X(minimise) X(sensitive) X(sch8) X(confidential) \
        X(engagement) X(account_attribution) X(device_class) X(network_class) X(method) X(gsc) \
        X(retention_group) X(hold) X(foi_exempt) X(result) X(grading_source) X(grading_info) \
        X(handling) X(useful) X(cpia_relevant) X(disclosure_schedule) X(approval_reason) X(escalate) \
        X(error_kind) X(relation) X(consult_class) X(purpose) X(log_purpose) X(release_profile)
/* clang-format on */

#define X(name) extern const struct vocabulary vocabulary_##name;
VOCABULARIES(X)
#undef X

#endif
