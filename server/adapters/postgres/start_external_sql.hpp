// belfry_start_external: the creation of one call whose media is at a provider of others: belfry_start_group, which asks nothing
// more of a call of two outside of a conversation than belfry_commit does, and then what only such a call has. A function of its
// own, because belfry_transition, which servers of older releases send, has no room for it. Migration 12 made it. To change it:
// freeze this text in migrations/, and write the new one here.
#pragma once

#include <string_view>

namespace belfry::postgres {

inline constexpr std::string_view kStartExternalSql = R"sql(
-- Answers as belfry_start_group.
CREATE FUNCTION belfry_start_external(batch belfry_transition[], legs belfry_participant[], entries belfry_entry[], node uuid,
                                      conversation uuid, quiet uuid[], provider text)
RETURNS TABLE ("ord" bigint, "code" bigint, "current" bigint, "who" uuid, "heldBy" uuid,
               "userId" uuid, "username" text, "avatar" text)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  made boolean := false;
BEGIN
  FOR ord, code, current, who, "heldBy", "userId", username, avatar IN
    SELECT * FROM belfry_start_group(batch, legs, entries, node, conversation, quiet)
  LOOP
    made := made OR code = 0;
    RETURN NEXT;
  END LOOP;
  IF made AND belfry_start_external.provider <> 'native' THEN
    UPDATE calls c SET "provider" = belfry_start_external.provider, "mediaMode" = 'external' WHERE c."id" = batch[1]."id";
  END IF;
END $$;
)sql";

}  // namespace belfry::postgres
