// Migration 5, with belfry_commit of commit_sql.hpp: calls of more than two. recipientId may be NULL, and the other callees
// find the call by groupCallAt (adapters/sql/history_roles.hpp). belfry_reader has no right to call_participants, so a function
// of the owner looks there for it. Frozen: a step that databases have taken never changes; what is new is a migration of its
// own.
#pragma once

#include <string_view>

namespace belfry::postgres {

inline constexpr std::string_view kGroupCalls = R"sql(
ALTER TABLE calls ALTER COLUMN "recipientId" DROP NOT NULL;
ALTER TABLE call_participants ADD COLUMN "groupCallAt" bigint;
CREATE INDEX participants_of_groups ON call_participants ("userId", "groupCallAt", "callId") WHERE "groupCallAt" IS NOT NULL;
CREATE FUNCTION belfry_reader_was_called(call uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path FROM CURRENT AS
  $$ SELECT EXISTS (SELECT 1 FROM call_participants WHERE "callId" = call AND "userId" = belfry_reading_user()) $$;
ALTER POLICY participants ON calls USING (belfry_reading_user() IN ("callerId", "recipientId")
  OR ("recipientId" IS NULL AND belfry_reader_was_called("id")));
ALTER POLICY participants ON call_audit USING (EXISTS (SELECT 1 FROM calls c WHERE c."id" = "callId"
  AND (belfry_reading_user() IN (c."callerId", c."recipientId")
       OR (c."recipientId" IS NULL AND belfry_reader_was_called(c."id")))));
)sql";

}  // namespace belfry::postgres
