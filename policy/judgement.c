#include "policy/gate.h"

static void put_hits(struct buf *out, const struct judgement *j)
{
        buf_put_text(out, "[");
        for (size_t i = 0; i < j->hits_n; i++) {
                buf_put_text(out, i ? ",{" : "{");
                json_put_name(out, "id");
                json_put_text(out, j->hit[i]->id);
                json_put_name(out, "effect");
                json_put_text(out, effect_name(j->hit[i]->effect));
                buf_put_text(out, "}");
        }
        buf_put_text(out, "]");
}

enum err judgement_put(struct buf *out, const struct judgement *j, const struct facts *facts)
{
        buf_put_text(out, "{");
        json_put_name(out, "lane");
        json_put_text(out, j->has_lane ? lane_names[j->lane] : "");
        json_put_name(out, "hits");
        put_hits(out, j);
        json_put_name(out, "facts");
        facts_put(out, facts);
        json_put_name(out, "engine");
        json_put_text(out, "1");
        if (j->broken) {
                json_put_name(out, "broken");
                json_put_text(out, j->broke ? j->broke->id : "");
        }
        buf_put_text(out, "}");
        return buf_check(out);
}
