// Migration 2: who may read which calls. Frozen: a step that databases have taken never changes; what is new is a migration of
// its own.
#pragma once

#include <string_view>

namespace belfry::postgres {

// R-002-12 to R-002-14: a role of belfry_reader sees only the calls of `app.user_id`, and none while that is not set. The owner
// of the tables, as whom the server connects, is not restricted. A role belongs to the whole cluster: another database may have
// made it already, and a managed server may not let us; then the policies stand without it.
inline constexpr std::string_view kRowSecurity = R"sql(
ALTER TABLE calls ENABLE ROW LEVEL SECURITY;
ALTER TABLE call_audit ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION belfry_reading_user() RETURNS uuid LANGUAGE sql STABLE AS
  $$ SELECT nullif(current_setting('app.user_id', true), '')::uuid $$;
CREATE POLICY participants ON calls FOR SELECT USING (belfry_reading_user() IN ("callerId", "recipientId"));
CREATE POLICY participants ON call_audit FOR SELECT USING (
  EXISTS (SELECT 1 FROM calls c WHERE c."id" = "callId" AND belfry_reading_user() IN (c."callerId", c."recipientId")));
DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'belfry_reader') THEN
    CREATE ROLE belfry_reader NOLOGIN;
  END IF;
EXCEPTION WHEN insufficient_privilege OR duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'belfry_reader') THEN
    GRANT SELECT ON calls, call_audit TO belfry_reader;
  END IF;
END $$;
)sql";

}  // namespace belfry::postgres
