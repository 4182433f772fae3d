#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "main/config/config_for_tests.hpp"
#include "main/config/lint.hpp"

namespace belfry::config {
namespace {

using testing::HasSubstr;
using namespace config_testing;

// R-003-40
TEST(ConfigSources, PortSetsThePortAndIsThreeThousandWhenUnset) {
  EXPECT_EQ(read_well({"serve"}).config.listen.port, 3000);
  EXPECT_EQ(read_well({"serve"}, {{"PORT", "4321"}}).config.listen.port, 4321);
  EXPECT_EQ(read_well({}, {{"PORT", ""}}).config.listen.port, 3000);
  EXPECT_THAT(refusal({}, {{"PORT", "http"}}), HasSubstr("PORT: \"http\" is no port"));
}

TEST(ConfigSources, AFlagWinsOverAVariableOverAFileOverTheDefault) {
  const TomlFile file("[call]\ntimeout = 20\n");
  const Words with_file = {"--config", file.path()};
  EXPECT_EQ(read_well({}).config.call.timeout, std::nullopt);
  EXPECT_EQ(read_well(with_file).config.call.timeout, 20s);
  EXPECT_EQ(read_well(with_file, {{"CALL_TIMEOUT_SECONDS", "15"}}).config.call.timeout, 15s);
  EXPECT_EQ(read_well(with_file, {{"CALL_TIMEOUT_SECONDS", "15"}, {"BELFRY_CALL_TIMEOUT", "16"}}).config.call.timeout, 16s);
  EXPECT_EQ(read_well({"--config", file.path(), "--call-timeout=10s"}, {{"CALL_TIMEOUT_MS", "15000"}}).config.call.timeout, 10s);
}

// K59
TEST(ConfigSources, TheTimesOfPeerJsHaveAVariableWithTheirUnitToo) {
  const auto read = read_well({}, {{"BELFRY_PEERJS_EXPIRE_MS", "700"}, {"BELFRY_PEERJS_ALIVE", "2s"}});
  EXPECT_EQ(read.config.peerjs.expire, 700ms);
  EXPECT_EQ(read.config.peerjs.alive, 2s);
  EXPECT_THAT(read.warnings, testing::Not(testing::Contains(HasSubstr("PEERJS"))));
}

TEST(ConfigSources, PortFromTheEnvironmentKeepsTheHostOfTheFile) {
  const TomlFile file("listen = \"[::1]:8080\"\n");
  const Config config = read_well({"--config", file.path()}, {{"PORT", "9090"}}).config;
  EXPECT_EQ(config.listen.host, "::1");
  EXPECT_EQ(config.listen.port, 9090);
}

// C-18
TEST(ConfigSources, AFileInTheDataFolderIsTheDatabaseUnlessAnotherIsNamed) {
  EXPECT_EQ(read_well({"--data", "/srv/belfry"}).config.database, "sqlite:/srv/belfry/belfry.db");
  EXPECT_EQ(read_well({}, {{"DATABASE_URL", "postgres://db/belfry"}}).config.database, "postgres://db/belfry");
}

// Found by an attack: --config /dev/zero was read without end.
TEST(ConfigSources, AFileThatIsNotRegularOrTooLongIsRefused) {
  for (const auto& name : {"--config", "--env-file"}) {
    const auto device = read_config({name, "/dev/null"}, {}, "");
    ASSERT_FALSE(device.has_value()) << name;
    EXPECT_NE(device.error().find("/dev/null is not a regular file"), std::string::npos) << device.error();
    const std::string file = ::testing::TempDir() + "long.toml";
    std::ofstream(file) << '#' << std::string(1024 * 1024, 'x');
    const auto too_long = read_config({name, file}, {}, "");
    ASSERT_FALSE(too_long.has_value()) << name;
    EXPECT_NE(too_long.error().find("is longer than 1 MiB"), std::string::npos) << too_long.error();
  }
}

// R-004-50
TEST(ConfigSources, AStrayLineInAnEnvFileIsSkippedAndReported) {
  const TomlFile file("# people\nPORT=4321\nTWILIO_AUTH_TOKEN\nexport LOG_LEVEL=\"warn\"\n");
  const Reading reading = read_well({"--env-file", file.path()});
  EXPECT_EQ(reading.config.listen.port, 4321);
  EXPECT_EQ(reading.config.log.level, LogLevel::warn);
  EXPECT_THAT(reading.warnings, testing::Contains(HasSubstr(":3: no NAME=value")));
  EXPECT_EQ(read_well({"--env-file", file.path()}, {{"PORT", "5000"}}).config.listen.port, 5000);
}

// R-004-50
TEST(ConfigSources, AnEnvFileIsReadLikeDotenv) {
  const TomlFile file(
      "PORT = 4321   # of the proxy\r\nJWT_SECRET='5f1c0a7b #9d3e4f60718293a4b5c6d7e8f'  # rotate\n"
      "TWILIO_ACCOUNT_SID=your_twilio_sid            # (If actually used; "
      "optional)\nMONGO_URL=mongodb+srv://u:p@c/db?w=majority\n");
  const Reading reading = read_well({"--env-file", file.path()});
  EXPECT_EQ(reading.config.listen.port, 4321);
  EXPECT_EQ(reading.config.auth.secret, "5f1c0a7b #9d3e4f60718293a4b5c6d7e8f");
  EXPECT_THAT(reading.warnings, testing::Contains(HasSubstr("MONGO_URL is not used, see DATABASE_URL")));
  EXPECT_THAT(lint(reading.config), testing::Contains(testing::Field(&Finding::setting, "twilio.account_sid")));
}

TEST(ConfigSources, ASwitchCanBeTurnedOffAgainstTheFile) {
  const TomlFile file("dev = true\n");
  EXPECT_TRUE(read_well({"--config", file.path()}).config.dev);
  EXPECT_FALSE(read_well({"serve", "--config", file.path(), "--dev=false"}).config.dev);
}

// R-003-58
TEST(ConfigChecks, ACallTimeoutInTheWrongUnitIsRefusedWithAHint) {
  EXPECT_THAT(refusal({}, {{"CALL_TIMEOUT_MS", "30"}}), HasSubstr("did you mean 30s"));
  EXPECT_THAT(refusal({}, {{"CALL_TIMEOUT_SECONDS", "30000"}}), HasSubstr("did you mean 30000 milliseconds"));
  EXPECT_THAT(refusal({"--call-timeout", "999ms"}), HasSubstr("999ms is outside 1s to 180s"));
  EXPECT_THAT(refusal({"--call-timeout", "0.5"}), HasSubstr("is no time such as 30s"));
  EXPECT_EQ(read_well({}, {{"CALL_TIMEOUT_MS", "5000"}}).config.call.timeout, 5s);
}

// Any other status would abort the server at the first busy call.
TEST(ConfigChecks, BusyStatusIs400Or409) {
  EXPECT_THAT(refusal({"--call-busy-status", "402"}), HasSubstr("call.busy_status: 402 is neither 400 nor 409"));
  EXPECT_EQ(read_well({"--call-busy-status", "400"}).config.call.busy_status, 400U);
  EXPECT_EQ(read_well({"--call-busy-status", "409"}).config.call.busy_status, 409U);
}

// W-000-05
TEST(ConfigChecks, DefaultDialectIsNativeOrToken) {
  EXPECT_EQ(read_well({}).config.default_dialect, "native");
  EXPECT_EQ(read_well({}, {{"DEFAULT_DIALECT", "token"}}).config.default_dialect, "token");
  EXPECT_THAT(refusal({"--default-dialect", "chat"}), HasSubstr(R"(default_dialect: "chat" is none of native, token)"));
}

// K16
TEST(ConfigChecks, PresenceGraceIsThreeSecondsAndMayBeZero) {
  EXPECT_EQ(read_well({}).config.presence.grace, 3s);
  EXPECT_EQ(read_well({}, {{"PRESENCE_GRACE_SECONDS", "0"}}).config.presence.grace, 0s);
  EXPECT_EQ(read_well({"--presence-grace=1500ms"}).config.presence.grace, 1500ms);
}

// K15
TEST(ConfigChecks, PresenceIsCoalescedFor200MsAndMayBeSentAtOnce) {
  EXPECT_EQ(read_well({}).config.presence.coalesce, 200ms);
  EXPECT_EQ(read_well({}, {{"PRESENCE_COALESCE_MS", "50"}}).config.presence.coalesce, 50ms);
  EXPECT_EQ(read_well({"--presence-coalesce=0ms"}).config.presence.coalesce, 0ms);
}

// C-20, W-004-07
TEST(ConfigChecks, ChatEndEventsIsOneOfThreeWords) {
  EXPECT_EQ(read_well({}).config.chat.end_events, "both");
  EXPECT_EQ(read_well({}, {{"CHAT_END_EVENTS", "end-call"}}).config.chat.end_events, "end-call");
  EXPECT_EQ(read_well({}, {{"CHAT_END_EVENTS", "call-ended"}}).config.chat.end_events, "call-ended");
  EXPECT_THAT(refusal({"--chat-end-events", "none"}),
              HasSubstr(R"(chat.end_events: "none" is none of both, call-ended, end-call)"));
}

TEST(ConfigChecks, PingTimeoutMustBeShorterThanThePingInterval) {
  EXPECT_THAT(refusal({"--engine-ping-timeout", "25s"}), HasSubstr("must be below engine.ping_interval"));
}

// R-003-43
// J-6.8
TEST(ConfigChecks, HalfOfAPushProvidersSettingsIsRefused) {
  EXPECT_THAT(refusal({"--apns-topic", "com.example.app"}), HasSubstr("go together"));
  EXPECT_THAT(refusal({"--vapid-public-key", "x", "--vapid-subject", "mailto:a@b"}), HasSubstr("go together"));
  EXPECT_THAT(refusal({"--fcm-endpoint", "fcm.googleapis.com"}), HasSubstr("no address of a push provider"));
}

TEST(ConfigChecks, OriginsAreAListOfExactNames) {
  const Config config = read_well({}, {{"CORS_ORIGINS", "https://yourdomain.com, capacitor://localhost"}}).config;
  EXPECT_THAT(config.cors.origins, testing::ElementsAre("https://yourdomain.com", "capacitor://localhost"));
  EXPECT_FALSE(config.cors.echo_any);
  EXPECT_THAT(refusal({"--cors-origins", "yourdomain.com"}), HasSubstr("is no origin"));
}

TEST(ConfigChecks, AnUnknownNameStopsTheStartAndTheNearestIsSuggested) {
  const TomlFile file("[call]\ntimout = 20\n");
  EXPECT_THAT(refusal({"--config", file.path()}), HasSubstr(":2: call.timout is no setting; did you mean call.timeout?"));
  EXPECT_THAT(refusal({"serve", "--lisen", "0.0.0.0:1"}), HasSubstr("unknown flag --lisen; did you mean --listen?"));
  EXPECT_THAT(refusal({"sirve"}), HasSubstr("is no command"));
  EXPECT_THAT(read_well({}, {{"BELFRY_LOG_LEVL", "warn"}}).warnings,
              testing::Contains(HasSubstr("did you mean BELFRY_LOG_LEVEL?")));
}

TEST(ConfigChecks, UnsupportedSettingsAreRefused) {
  EXPECT_THAT(refusal({"--virtual-time"}), HasSubstr("needs --dev"));
  EXPECT_THAT(refusal({"--database", "mysql://localhost/x"}), HasSubstr("expected sqlite:PATH"));
}

// C-18
TEST(ConfigChecks, RedisIsNamedByItsAddress) {
  EXPECT_EQ(read_well({}, {{"REDIS_URL", "redis://:secret@cache:6380/1"}}).config.redis, "redis://:secret@cache:6380/1");
  for (const std::string url : {"rediss://:hush@cache", "redis://hush@cache", "memcached://hush"})
    EXPECT_THAT(refusal({"--redis", url}), testing::AllOf(HasSubstr("REDIS_URL"), testing::Not(HasSubstr("hush"))));
}

// R-004-49
TEST(ConfigChecks, UnusedVariablesOfTheSeedsAreReported) {
  EXPECT_THAT(read_well({}, {{"MONGO_URL", "mongodb://x"}}).warnings, testing::Contains(HasSubstr("see DATABASE_URL")));
}

// W-002-04
TEST(ConfigChecks, VariablesOfSeed002AreKnownOrReported) {
  EXPECT_THAT(read_well({}, {{"SUPABASE_URL", "https://x.supabase.co"}}).warnings, testing::Contains(HasSubstr("see JWKS_URL")));
  const Config config =
      read_well(
          {},
          {{"CLIENT_ORIGIN", "https://a.example"}, {"TOKEN_TTL_SECONDS", "120"}, {"AGORA_APP_ID", "x"}, {"AGORA_APP_CERT", "y"}})
          .config;
  EXPECT_EQ(config.cors.origins, std::vector<std::string>{"https://a.example"});
  EXPECT_EQ(config.token.ttl, 120s);
  EXPECT_EQ(config.agora.app_cert, "y");
}

// J-3.8, R-002-07, C-03
TEST(ConfigChecks, TokenLifeIsFiveMinutesAndHasBounds) {
  EXPECT_EQ(read_well({}).config.token.ttl, 300s);
  for (const std::string out : {"59", "28801"})
    EXPECT_THAT(refusal({}, {{"TOKEN_TTL_SECONDS", out}}), HasSubstr("TOKEN_TTL_SECONDS")) << out;
  for (const std::string in : {"60", "28800"}) EXPECT_EQ(refusal({}, {{"TOKEN_TTL_SECONDS", in}}), "(accepted)") << in;
}

// R-000-56, C-03
TEST(ConfigChecks, TokenLifeAboveAnHourIsFound) {
  const auto findings = [](const std::string& ttl) { return lint(read_well({}, {{"TOKEN_TTL_SECONDS", ttl}}).config); };
  const auto about_ttl = testing::Contains(testing::Field(&Finding::setting, "token.ttl"));
  EXPECT_THAT(findings("3601"), about_ttl);
  EXPECT_THAT(findings("3600"), testing::Not(about_ttl));
}

// J-3.9
TEST(ConfigChecks, HalfASetOfAProvidersSettingsIsRefused) {
  EXPECT_THAT(refusal({}, {{"AGORA_APP_ID", "x"}}), HasSubstr("go together"));
  EXPECT_THAT(refusal({}, {{"LIVEKIT_API_KEY", "x"}, {"LIVEKIT_API_SECRET", "y"}}), HasSubstr("go together"));
  EXPECT_THAT(refusal({}, {{"TURN_URLS", "turn:x"}}), HasSubstr("TURN_SECRET"));
  EXPECT_THAT(refusal({}, {{"MEDIA_PROVIDER", "agora"}}), HasSubstr("needs agora.app_id"));
  EXPECT_THAT(refusal({}, {{"MEDIA_PROVIDER", "zoom"}}), HasSubstr("none of native, agora, livekit"));
  EXPECT_THAT(refusal({"--role", "calls"}), HasSubstr("none of all, token"));
}

// R-004-62, W-004-23
TEST(ConfigChecks, StoreOfFilesIsChosenByItsKeysAndHalfOfThemAreRefused) {
  const Config disk = read_well({}).config;
  EXPECT_EQ(disk.files.store, "disk");
  EXPECT_EQ(disk.files.folder, disk.data + "/files");
  EXPECT_EQ(disk.files.max_bytes, 10U * 1024 * 1024);
  const Environment s3 = {{"S3_BUCKET", "b"}, {"S3_ACCESS_KEY_ID", "i"}, {"S3_SECRET_ACCESS_KEY", "s"}};
  EXPECT_EQ(read_well({}, s3).config.files.store, "s3");
  const Environment cloud = {{"CLOUDINARY_CLOUD_NAME", "c"}, {"CLOUDINARY_API_KEY", "k"}, {"CLOUDINARY_API_SECRET", "s"}};
  EXPECT_EQ(read_well({}, cloud).config.files.store, "cloudinary");
  EXPECT_EQ(read_well({"--files-store", "disk"}, cloud).config.files.store, "disk");
  EXPECT_THAT(refusal({}, {{"S3_BUCKET", "b"}}), HasSubstr("go together"));
  EXPECT_THAT(refusal({}, {{"CLOUDINARY_API_KEY", "k"}}), HasSubstr("go together"));
  EXPECT_THAT(refusal({}, {{"FILES_STORE", "s3"}}), HasSubstr("needs s3.bucket"));
  EXPECT_THAT(refusal({}, {{"FILES_STORE", "tape"}}), HasSubstr("none of disk, s3, cloudinary"));
  EXPECT_THAT(refusal({}, {{"S3_ENDPOINT", "s3.example"}}), HasSubstr("is no address"));
}

// R-003-41
TEST(TrialAndProduction, AnEmptyEnvironmentIsHardenedAndExplainsTrialMode) {
  const Reading reading = read_well({});
  EXPECT_EQ(reading.config.auth.mode, AuthMode::required);
  EXPECT_EQ(reading.config.rate_limit.call_max, 5U);
  EXPECT_EQ(reading.config.listen.host, "0.0.0.0");
  EXPECT_THAT(reading.warnings, testing::Contains(HasSubstr("use --dev")));
}

// C-14
TEST(TrialAndProduction, TrialModeStaysOnLoopbackUnlessAHostIsSet) {
  const Config trial = read_well({"serve", "--dev"}, {{"PORT", "0"}}).config;
  EXPECT_EQ(trial.listen.host, "127.0.0.1");
  EXPECT_EQ(trial.auth.mode, AuthMode::open);
  EXPECT_EQ(trial.rate_limit.call_max, 0U);
  EXPECT_THAT(lint(trial), testing::Contains(testing::Field(&Finding::setting, "dev")));
  const Reading open = read_well({"--dev", "--listen", "0.0.0.0:8080"});
  EXPECT_EQ(open.config.listen.host, "0.0.0.0");
  EXPECT_THAT(open.warnings, testing::Contains(HasSubstr("reachable from other machines")));
  EXPECT_THAT(open.warnings, testing::Not(testing::Contains(HasSubstr("every name is believed")))) << "lint() says it";
  EXPECT_THAT(refusal({}, {{"AUTH_MODE", "open"}}), HasSubstr("open needs --dev"));
}

// C-17
TEST(TrialAndProduction, AWildcardOriginIsRefusedOutsideTrialMode) {
  EXPECT_THAT(refusal({}, {{"CORS_ORIGINS", "*"}}), HasSubstr("refused outside --dev"));
  EXPECT_TRUE(read_well({"--dev"}).config.cors.echo_any);
  EXPECT_TRUE(read_well({"--dev"}, {{"CORS_ORIGINS", "*"}}).config.cors.echo_any);
}

// R-004-53
TEST(TrialAndProduction, AWeakSecretIsRefusedOutsideTrialMode) {
  EXPECT_THAT(refusal({}, {{"JWT_SECRET", "your_long_random_secret"}}), HasSubstr("openssl rand"));
  EXPECT_THAT(refusal({}, {{"JWT_SECRET", "your_long_random_secret_that_is_long_enough"}}), HasSubstr("placeholder"));
  EXPECT_THAT(refusal({}, {{"JWT_SECRET", std::string(40, 'x')}}), HasSubstr("over and over"));
  EXPECT_EQ(read_well({}, {{"JWT_SECRET", "5f1c0a7b9d3e4f60718293a4b5c6d7e8f"}}).config.auth.secret.size(), 33U);
  EXPECT_EQ(read_well({"--dev"}, {{"JWT_SECRET", "short"}}).config.auth.secret, "short");
}

// R-004-54
TEST(TrialAndProduction, ProductionRefusesSettingsOfATrial) {
  EXPECT_THAT(refusal({"--dev"}, {{"NODE_ENV", "production"}}), HasSubstr("--dev is refused"));
  EXPECT_THAT(refusal({}, {{"APP_ENV", "production"}}), HasSubstr("set CORS_ORIGINS"));
  EXPECT_TRUE(read_well({}, {{"NODE_ENV", "production"}, {"CORS_ORIGINS", "https://a.example"}}).config.production);
}

// R-004-53, R-004-54
TEST(TrialAndProduction, TheSampleEnvOfTheSeedIsRefusedInProductionForItsSecret) {
  const TomlFile file("PORT=3000\nJWT_SECRET=your_long_random_secret\nNODE_ENV=production\nTWILIO_AUTH_TOKEN\n");
  EXPECT_THAT(refusal({"--env-file", file.path()}, {{"CORS_ORIGINS", "https://a.example"}}),
              HasSubstr("auth.secret (JWT_SECRET)"));
}

// R-004-53, R-002-05
TEST(TrialAndProduction, AWeakSecretOfAnotherIssuerIsRefusedToo) {
  EXPECT_THAT(refusal({}, {{"JWT_EXTERNAL_SECRET", "super-secret"}}), HasSubstr("auth.external_secret (JWT_EXTERNAL_SECRET)"));
  EXPECT_EQ(refusal({"--dev"}, {{"JWT_EXTERNAL_SECRET", "super-secret"}}), "(accepted)");
}

// W-004-16: the form of seed 004's page takes six.
TEST(TrialAndProduction, PasswordsHaveSixCharactersInATrialAndEightElse) {
  EXPECT_EQ(read_well({}).config.auth.password_min, 8U);
  EXPECT_EQ(read_well({"--dev"}).config.auth.password_min, 6U);
  EXPECT_EQ(read_well({"--dev"}, {{"AUTH_PASSWORD_MIN", "10"}}).config.auth.password_min, 10U);
  EXPECT_EQ(read_well({}, {{"AUTH_PASSWORD_MIN", "6"}}).config.auth.password_min, 6U);
  EXPECT_EQ(read_well({}).config.auth.seed_004_password_min, 6U);
  EXPECT_EQ(read_well({}, {{"AUTH_PASSWORD_MIN", "10"}}).config.auth.seed_004_password_min, 10U);
}

// Limits by account do not stop an address that tries many accounts, or makes them.
TEST(TrialAndProduction, SigningUpAndInIsLimitedByAddressButNotInATrial) {
  const auto limits = read_well({}).config.rate_limit, trial = read_well({"--dev"}).config.rate_limit;
  EXPECT_THAT((std::vector{limits.login_address_max, limits.signup_max, limits.password_max}), testing::ElementsAre(300, 60, 16));
  EXPECT_THAT((std::vector{trial.login_address_max, trial.signup_max, trial.password_max}), testing::Each(0));
  EXPECT_EQ(read_well({"--dev"}, {{"RATE_LIMIT_SIGNUP_MAX", "3"}}).config.rate_limit.signup_max, 3U);
}

// W-002-03
TEST(TrialAndProduction, AnExternalIssuerWithoutIssuerAndAudienceIsReported) {
  const auto warned = testing::Contains(HasSubstr("set JWT_ISSUER and JWT_AUDIENCE"));
  EXPECT_THAT(read_well({}, {{"JWKS_URL", "https://id.example/keys"}}).warnings, warned);
  EXPECT_THAT(read_well({"--dev"}, {{"JWT_EXTERNAL_SECRET", "s"}, {"JWT_ISSUER", "https://id.example"}}).warnings, warned);
  const Reading both = read_well({}, {{"JWKS_URL", "https://id.example/keys"}, {"JWT_ISSUER", "i"}, {"JWT_AUDIENCE", "a"}});
  EXPECT_THAT(both.warnings, testing::Not(warned));
  EXPECT_THAT(read_well({}).warnings, testing::Not(warned));
}

}  // namespace
}  // namespace belfry::config
