// belfry_start_online: the creation of one call that rings sessions only (SPEC J-1.5): belfry_start_group_and_keep
// (commit_and_keep_sql.hpp), which keeps no answer if it is given none, and then what only such a call has. A function of its
// own, because belfry_transition, which servers of older releases send, has no room for it. Migration 15 made it. To change it:
// freeze this text in migrations/, and write the new one here.
#pragma once

#include <string_view>

namespace belfry::postgres {

inline constexpr std::string_view kStartOnlineSql = R"sql(
-- Answers as belfry_start_group.
CREATE FUNCTION belfry_start_online(batch belfry_transition[], legs belfry_participant[], entries belfry_entry[], node uuid,
                                    conversation uuid, quiet uuid[], provider text, answers belfry_answer[])
RETURNS TABLE ("ord" bigint, "code" bigint, "current" bigint, "who" uuid, "heldBy" uuid,
               "userId" uuid, "username" text, "avatar" text)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  made boolean := false;
BEGIN
  FOR ord, code, current, who, "heldBy", "userId", username, avatar IN
    SELECT * FROM belfry_start_group_and_keep(batch, legs, entries, node, conversation, quiet, provider, answers)
  LOOP
    made := made OR code = 0;
    RETURN NEXT;
  END LOOP;
  IF made THEN
    UPDATE calls c SET "ringMode" = 'online' WHERE c."id" = batch[1]."id";
  END IF;
END $$;
)sql";

}  // namespace belfry::postgres
