#include "schema/vocabularies.h"

/* {word, as people see it, key at the prompt, other spellings taken from people}. A new word goes at the end:
 * files and packs hold the words, never their places. */
static const struct word tri_words[] = {
    {"yes", "Yes", 'y', "true"},
    {"no", "No", 'n', "false"},
    {"unsure", "Unsure", 'u', "unknown"},
};
static const struct word yesno_words[] = {
    {"yes", "Yes", 'y', "true"},
    {"no", "No", 'n', "false"},
};
static const struct word agency_words[] = {
    {"police", "Police force", 'p', ""},
    {"local-authority", "Local authority", 'l', "LA council"},
    {"government", "Government department", 'g', ""},
    {"regulator", "Regulator", 'r', ""},
    {"law-enforcement", "Other law enforcement body", 'e', "LEA"},
    {"health", "Health body", 'h', "NHS"},
    {"fire-rescue", "Fire and rescue service", 'f', ""},
    {"other", "Other", 'o', ""},
};
static const struct word jurisdiction_words[] = {
    {"EW", "England and Wales", 'e', ""},
    {"SCT", "Scotland", 's', ""},
    {"NI", "Northern Ireland", 'n', ""},
    {"UK-reserved", "United Kingdom, a reserved matter", 'u', ""},
};
static const struct word conflict_words[] = {
    {"none", "None", 'n', ""},
    {"knows-subject", "Knows the subject", 'k', ""},
    {"family", "Family", 'f', ""},
    {"other", "Other", 'o', ""},
};
static const struct word purpose_code_words[] = {
    {"trace-suspect", "Trace a suspect", 's', ""},
    {"trace-missing", "Trace a missing person", 'm', ""},
    {"identify-unknown", "Identify somebody unknown", 'i', ""},
    {"locate-witness", "Locate a witness", 'w', ""},
    {"safeguard-child", "Safeguard a child", 'c', ""},
    {"safeguard-adult", "Safeguard an adult", 'a', ""},
    {"threat-to-life", "Threat to life", 'l', ""},
    {"bail/recall", "Bail or recall to prison", 'b', "bail-recall bail recall"},
    {"warrant", "Warrant", 'r', ""},
    {"event-safety", "Safety of an event", 'e', ""},
    {"vetting", "Vetting", 'v', ""},
    {"complaint", "Complaint", 'p', ""},
    {"corporate", "Corporate use", 'k', ""},
    {"training-test", "Training or test", 't', ""},
    {"other", "Other", 'o', ""},
};
static const struct word le_purpose_words[] = {
    {"prevent", "Prevention of crime", 'p', ""},
    {"investigate", "Investigation of crime", 'i', ""},
    {"detect", "Detection of crime", 'd', ""},
    {"prosecute", "Prosecution", 'r', ""},
    {"penalty", "Execution of a penalty", 'e', ""},
    {"public-security", "Threats to public security", 's', ""},
    {"non-le", "Not a law enforcement purpose", 'n', ""},
};
static const struct word art8_aim_words[] = {
    {"national-security", "National security", 'n', "A8.NS NS"},
    {"public-safety", "Public safety", 'p', "A8.PS PS"},
    {"economic-wellbeing", "Economic well-being of the country", 'e', "A8.EW EW"},
    {"disorder-or-crime", "Prevention of disorder or crime", 'd', "A8.DC DC"},
    {"health-or-morals", "Protection of health or morals", 'h', "A8.HM HM"},
    {"rights-of-others", "Protection of the rights and freedoms of others", 'r', "A8.RF RF"},
};
/* The two Acts have grounds of their own, so that a ground always says which Act is relied on. */
static const struct word ripa_ground_words[] = {
    {"national-security", "National security (RIPA)", 'n', "R28.a"},
    {"crime-or-disorder", "Preventing or detecting crime, preventing disorder (RIPA)", 'c', "R28.b"},
    {"economic-wellbeing", "Economic well-being of the United Kingdom (RIPA)", 'e', "R28.c"},
    {"public-safety", "Public safety (RIPA)", 'p', "R28.d"},
    {"public-health", "Protecting public health (RIPA)", 'h', "R28.e"},
    {"tax", "Assessing or collecting tax or a duty (RIPA)", 't', "R28.f"},
    {"ministerial-order", "Another purpose set by order (RIPA)", 'o', "R28.g"},
    {"scotland-crime-or-disorder", "Preventing or detecting crime, preventing disorder (RIP(S)A)", 'x',
     "S6.a"},
    {"scotland-public-safety", "Public safety (RIP(S)A)", 'y', "S6.b"},
    {"scotland-public-health", "Protecting public health (RIP(S)A)", 'z', "S6.c"},
};
static const struct word alternatives_words[] = {
    {"pnc", "Police National Computer", 'n', ""},   {"local-systems", "Local systems", 'l', ""},
    {"phone", "A telephone call", 't', ""},         {"visit", "A visit", 'v', ""},
    {"ask-person", "Asking the person", 'a', ""},   {"public-appeal", "A public appeal", 'p', ""},
    {"comms-data", "Communications data", 'c', ""}, {"none-suitable", "None is suitable", 'o', ""},
};
static const struct word articles_words[] = {
    {"8", "Article 8: private and family life", '8', "A8"},
    {"10", "Article 10: expression", '0', "A10"},
    {"11", "Article 11: assembly and association", '1', "A11"},
    {"14", "Article 14: discrimination", '4', "A14"},
};
static const struct word authority_type_words[] = {
    {"none-needed", "None is needed", 'n', "none"},
    {"DSA", "Directed surveillance", 'd', "directed-surveillance"},
    {"CHIS-conduct", "Covert human intelligence source", 'c', "CHIS"},
    {"relevant-source", "Relevant source (undercover officer)", 'r', ""},
    {"JP-approved-DSA", "Directed surveillance approved by a justice of the peace", 'j', ""},
    {"non-RIPA-approval", "Internal approval outside the Act", 'i', ""},
    {"determination", "Determination that it is not directed surveillance", 'x', ""},
};
static const struct word authority_form_words[] = {
    {"written", "In writing", 'w', ""},
    {"urgent-oral", "By word of mouth, urgent", 'o', ""},
    {"urgent-rank", "By somebody who may act in urgent cases only", 'r', ""},
};
static const struct word authority_act_words[] = {
    {"RIPA", "Regulation of Investigatory Powers Act 2000", 'r', ""},
    {"RIPSA", "Regulation of Investigatory Powers (Scotland) Act 2000", 's', "RIP(S)A"},
    {"none", "No Act", 'n', ""},
};
static const struct word urgent_words[] = {
    {"life", "A life is at risk", 'l', ""},
    {"child", "A child is at risk", 'c', ""},
    {"in-progress", "A crime is in progress", 'p', ""},
};
static const struct word target_kind_words[] = {
    {"named-person", "A named person", 'n', ""},
    {"unknown-person", "A person not yet known", 'u', ""},
    {"account", "An account", 'a', ""},
    {"group/page", "A group or page", 'g', "group page"},
    {"hashtag/term", "A hashtag or search term", 't', "hashtag term"},
    {"place", "A place", 'p', ""},
    {"event", "An event", 'e', ""},
    {"organisation", "An organisation", 'o', ""},
};
static const struct word subject_category_words[] = {
    {"suspect", "Suspect", 's', ""},
    {"convicted", "Convicted", 'c', ""},
    {"victim", "Victim", 'v', ""},
    {"witness", "Witness", 'w', ""},
    {"missing", "Missing person", 'm', ""},
    {"associate", "Associate", 'a', ""},
    {"child-at-risk", "Child at risk", 'r', ""},
    {"public", "Member of the public", 'p', ""},
    {"organisation", "Organisation", 'o', ""},
    {"unknown", "Not known yet", 'u', ""},
};
static const struct word age_band_words[] = {
    {"under-10", "Under 10", '0', "<10"}, {"10-13", "10 to 13", '1', ""},    {"14-17", "14 to 17", '4', ""},
    {"adult", "Adult", 'a', ""},          {"unknown", "Not known", 'u', ""},
};
static const struct word special_words[] = {
    {"journalist", "Journalist", 'j', ""},
    {"lawyer", "Lawyer", 'l', ""},
    {"elected", "Member of Parliament or other elected person", 'e', "MP MP/elected"},
    {"minister-of-religion", "Minister of religion", 'r', "minister"},
    {"medical", "Medical profession", 'm', "doctor"},
    {"staff", "Own member of staff", 's', "staff-member"},
};
static const struct word confidence_words[] = {
    {"confirmed", "Confirmed", 'c', ""},
    {"probable", "Probable", 'p', ""},
    {"possible", "Possible", 'o', ""},
    {"unverified", "Not verified", 'u', ""},
};
static const struct word attribution_words[] = {
    {"self-identified", "The holder says so", 's', ""},
    {"photo-match", "Photograph compared by a person", 'p', "photo-match-by-human"},
    {"phone-email-link", "Linked telephone number or e-mail address", 'l', "phone/email-link"},
    {"known-associate", "Known associate", 'a', ""},
    {"platform-data", "Data of the platform", 'd', ""},
    {"other", "Other", 'o', ""},
};
static const struct word openness_words[] = {
    {"public-no-login", "Open to everybody without an account", 'p', ""},
    {"public-login", "Open to everybody with an account", 'l', ""},
    {"friends/followers-only-visible-to-us", "For friends or followers, visible to us", 'f',
     "friends-only followers-only"},
    {"group-open", "Open group", 'o', ""},
    {"group-joined", "Group that has to be joined", 'j', ""},
    {"private-message", "Private messages", 'm', ""},
    {"unknown", "Not known", 'u', ""},
};
static const struct word third_parties_words[] = {
    {"0", "None", '0', "none"},
    {"1-2", "One or two", '1', ""},
    {"3-9", "Three to nine", '3', ""},
    {"10+", "Ten or more", 't', ""},
};
static const struct word minimise_words[] = {
    {"no-follow-links", "Do not follow links", 'l', ""},
    {"crop", "Crop pictures", 'c', ""},
    {"redact-at-capture", "Redact when capturing", 'r', ""},
    {"exclude-children", "Leave out children", 'x', ""},
    {"single-visit", "One visit only", 'v', ""},
    {"limit-date-range", "Limit the dates looked at", 'd', ""},
};
static const struct word sensitive_words[] = {
    {"race", "Race or ethnic origin", 'r', ""},
    {"politics", "Political opinion", 'p', ""},
    {"religion", "Religion or belief", 'b', ""},
    {"union", "Trade union membership", 'u', ""},
    {"genetic", "Genetic data", 'g', ""},
    {"biometric-id", "Biometric data that identify", 'i', ""},
    {"health", "Health", 'h', ""},
    {"sex-life", "Sex life or sexual orientation", 's', ""},
};
static const struct word sch8_words[] = {
    {"statutory-purpose", "Statutory function in the substantial public interest", 's', "1"},
    {"justice", "Administration of justice", 'j', "2"},
    {"vital-interests", "Vital interests", 'v', "3"},
    {"safeguarding", "Safeguarding of children and people at risk", 'g', "4"},
    {"already-public", "Made public by the person", 'p', ""},
    {"legal-claims", "Legal claims", 'l', ""},
    {"judicial", "Judicial acts", 'a', ""},
    {"fraud", "Preventing fraud", 'f', ""},
    {"archiving", "Archiving and research", 'r', ""},
};
static const struct word confidential_words[] = {
    {"legal-privilege", "Legal privilege", 'l', ""},    {"journalistic", "Journalistic material", 'j', ""},
    {"medical", "Medical material", 'm', ""},           {"spiritual", "Spiritual counselling", 's', ""},
    {"constituency", "Constituency business", 'c', ""},
};
static const struct word engagement_words[] = {
    {"passive-view", "Looking only", 'v', "E0"},
    {"logged-in-passive", "Looking only, logged in", 'l', "E1"},
    {"follow-like-join", "Follow, like, or join something open", 'f', "E2"},
    {"request-or-closed-group", "Send or accept a request, or join a closed group", 'r', "E3"},
    {"message", "Send a message or reply", 'm', "E4"},
    {"sustained-relationship", "Keep up a relationship", 's', "E5"},
};
static const struct word account_attribution_words[] = {
    {"none", "No account", 'n', ""},
    {"corporate-overt", "The organisation's own, openly", 'c', ""},
    {"registered-persona", "Registered persona", 'r', ""},
    {"personal", "Own private account", 'p', ""},
};
static const struct word device_class_words[] = {
    {"standalone", "Stand-alone machine", 's', ""},
    {"managed-covert", "Managed covert machine", 'v', ""},
    {"corporate", "The organisation's machine", 'c', ""},
    {"mobile-issued", "Issued telephone", 'm', ""},
    {"personal", "Own private machine", 'p', ""},
};
static const struct word network_class_words[] = {
    {"corporate-attributable", "The organisation's own address", 'c', ""},
    {"misattributed", "Address that points elsewhere", 'm', ""},
    {"TOR", "Tor", 't', ""},
    {"mobile-data", "Mobile data", 'd', ""},
    {"personal", "Own private connection", 'p', ""},
};
static const struct word method_words[] = {
    {"manual", "By hand in a browser", 'm', ""},
    {"extension", "Browser extension", 'x', ""},
    {"archiver", "Archiving tool", 'a', ""},
    {"api", "The platform's interface for programs", 'p', ""},
    {"scraper", "Scraper", 's', ""},
    {"aggregator", "Aggregator or data broker", 'g', ""},
    {"ai-assisted", "With the help of AI", 'i', ""},
    {"shown-by-witness", "Shown by a witness", 'w', ""},
    {"consent-device", "On a device, with the holder's consent", 'd', ""},
    {"alert", "Alert or monitor", 'l', "monitor"},
    {"facial-recognition", "Facial recognition", 'f', ""},
    {"credential", "With somebody's credentials", 'c', ""},
    {"breach-data", "Leaked data", 'b', ""},
};
static const struct word gsc_words[] = {
    {"OFFICIAL", "OFFICIAL", 'o', ""},
    {"OFFICIAL-SENSITIVE", "OFFICIAL-SENSITIVE", 's', ""},
    {"SECRET", "SECRET", 'x', ""},
    {"TOP-SECRET", "TOP SECRET", 't', ""},
};
static const struct word retention_group_words[] = {
    {"1", "Serious public protection", '1', ""},
    {"2", "Other sexual, violent or serious", '2', ""},
    {"3", "All other", '3', ""},
    {"4", "Miscellaneous or undetected", '4', ""},
    {"s62-log", "Log kept by the Data Protection Act", 'l', ""},
    {"authority-3y", "Papers of an authority", 'a', ""},
    {"short-non-relevant", "Not relevant, kept briefly", 's', ""},
};
static const struct word hold_words[] = {
    {"cpia", "Disclosure in criminal proceedings", 'c', ""},
    {"litigation", "Litigation", 'l', ""},
    {"inquiry", "Public inquiry", 'q', ""},
    {"complaint", "Complaint", 'p', ""},
    {"ipt", "Investigatory Powers Tribunal", 't', ""},
    {"coroner", "Coroner", 'o', ""},
};
static const struct word foi_exempt_words[] = {
    {"s23", "Section 23: security bodies", '3', ""},
    {"s24", "Section 24: national security", '4', ""},
    {"s30", "Section 30: investigations", '0', ""},
    {"s31-1-a", "Section 31(1)(a): prevention or detection of crime", 'a', "s31(1)(a) s31"},
    {"s31-1-b", "Section 31(1)(b): apprehension or prosecution", 'b', "s31(1)(b)"},
    {"s40-2", "Section 40(2): personal data", 'p', "s40(2) s40"},
};
static const struct word result_words[] = {
    {"nothing-found", "Nothing found", 'n', ""},
    {"negative", "Points away from the suspicion", 'x', ""},
    {"wrong-person", "Wrong person", 'w', ""},
    {"found-not-captured", "Found, nothing captured", 'f', "found"},
    {"captured", "Found and captured", 'c', ""},
    {"account-gone", "The account is gone", 'g', "gone"},
    {"blocked", "Blocked", 'b', ""},
    {"aborted-intrusion", "Stopped: too intrusive", 's', ""},
    {"not-looked", "Not looked after all", 'o', ""},
};
static const struct word grading_source_words[] = {
    {"1", "Reliable", '1', ""},
    {"2", "Untested", '2', ""},
    {"3", "Not reliable", '3', ""},
};
static const struct word grading_info_words[] = {
    {"A", "Known directly", 'a', ""},        {"B", "Known indirectly, corroborated", 'b', ""},
    {"C", "Known indirectly", 'c', ""},      {"D", "Not known", 'd', ""},
    {"E", "Suspected to be false", 'e', ""},
};
static const struct word handling_words[] = {
    {"P", "Lawful sharing permitted", 'p', ""},
    {"C", "Lawful sharing permitted with conditions", 'c', ""},
};
static const struct word useful_words[] = {
    {"yes", "Yes", 'y', ""},
    {"partly", "Partly", 'p', ""},
    {"no", "No", 'n', ""},
    {"too-early", "Too early to say", 't', ""},
};
static const struct word cpia_relevant_words[] = {
    {"yes", "Yes", 'y', ""},
    {"no", "No", 'n', ""},
    {"undecided", "Undecided", 'u', ""},
};
static const struct word disclosure_schedule_words[] = {
    {"MG6C", "Non-sensitive unused material", 'c', ""},
    {"MG6D", "Sensitive unused material", 'd', ""},
    {"evidence", "Evidence", 'e', ""},
    {"not-relevant", "Not relevant", 'n', ""},
    {"undecided", "Undecided", 'u', ""},
};
static const struct word approval_reason_words[] = {
    {"necessary-proportionate", "Necessary, proportionate, and the least intrusive way", 'n', ""},
    {"within-authority", "Covered by the authority in force", 'w', ""},
    {"safeguarding", "Needed to keep somebody safe", 's', ""},
    {"urgent-justified", "The urgency was justified", 'u', ""},
    {"no-surveillance", "Looked at the factors: no directed surveillance", 'd', ""},
    {"more-detail", "More is needed before it can be decided", 'm', ""},
    {"less-intrusive-way", "There is a less intrusive way", 'l', ""},
    {"not-necessary", "Not necessary", 'x', ""},
    {"not-proportionate", "Not proportionate", 'p', ""},
    {"needs-authority", "An authority is needed", 'a', ""},
    {"other", "Other", 'o', ""},
};
static const struct word escalate_words[] = {
    {"supervisor", "Another supervisor", 's', ""},
    {"authorising-officer", "Authorising officer", 'a', "AO"},
    {"senior-responsible-officer", "Senior responsible officer", 'r', "SRO"},
    {"chief-officer", "Chief officer", 'c', ""},
    {"dpo", "Data protection officer", 'd', ""},
    {"professional-standards", "Professional standards", 'p', "PSD"},
};
static const struct word error_kind_words[] = {
    {"no-authority", "Surveillance without an authority", 'n', ""},
    {"outside-scope", "Outside the authority's scope", 's', ""},
    {"outside-time", "Outside the authority's time", 't', ""},
    {"engagement", "Contact without an authority", 'e', ""},
    {"account-or-device", "Own account or machine", 'a', ""},
    {"wrong-person", "Wrong person", 'w', ""},
    {"data-protection", "Data protection", 'd', ""},
    {"procedure", "Procedure", 'p', ""},
    {"other", "Other", 'o', ""},
};
static const struct word relation_words[] = {
    {"same-person", "Accounts of one person", 'p', ""},
    {"same-account", "One account under several names", 'a', ""},
    {"shared-account", "One account of several people", 's', ""},
    {"same-matter", "Records of one matter", 'm', ""},
    {"not-same", "Not the same after all", 'n', ""},
};
static const struct word consult_class_words[] = {
    {"show", "Open one record", 'w', ""},    {"list", "List records", 'l', ""},
    {"queue", "Look at the queue", 'q', ""}, {"operations", "Look at operations", 'o', ""},
    {"members", "Look at members", 'm', ""}, {"search", "Search", 's', ""},
    {"export", "Export", 'x', ""},           {"content", "Receive content", 'c', ""},
    {"pack", "Make a pack", 'p', ""},        {"own", "Look at one's own records", 'n', ""},
};
static const struct word purpose_words[] = {
    {"operational", "Operational", 'o', ""},
    {"supervision", "Supervision", 's', ""},
    {"audit", "Audit", 'a', ""},
    {"cpia", "Disclosure in criminal proceedings", 'c', ""},
    {"foi", "Freedom of information", 'f', ""},
    {"subject-access", "Subject access", 'd', ""},
    {"retention", "Retention", 'r', ""},
    {"complaint", "Complaint", 'p', ""},
    {"administration", "Administration", 'm', ""},
};
static const struct word log_purpose_words[] = {
    {"lawfulness", "Verifying that processing is lawful", 'l', ""},
    {"self-monitoring", "Self-monitoring, discipline included", 's', ""},
    {"integrity", "Integrity and security of the data", 'i', "security"},
    {"criminal-proceedings", "Criminal proceedings", 'c', ""},
};
static const struct word release_profile_words[] = {
    {"chosen", "Fields chosen one by one", 'h', ""},
    {"court", "For a court", 'c', ""},
    {"foi", "For a freedom of information request", 'f', ""},
    {"subject", "For the person concerned", 's', ""},
    {"policy", "For work on policy", 'p', ""},
    {"inspection", "For an inspector", 'i', ""},
    {"schedules", "For a disclosure schedule", 'd', ""},
    {"content", "Content sealed to a member", 't', ""},
};

#define X(v) const struct vocabulary vocabulary_##v = {#v, sizeof v##_words / sizeof v##_words[0], v##_words};
VOCABULARIES(X)
#undef X

#define X(v) &vocabulary_##v,
const struct vocabulary *const vocabularies[] = {VOCABULARIES(X)};
#undef X
const size_t vocabularies_count = sizeof vocabularies / sizeof vocabularies[0];
