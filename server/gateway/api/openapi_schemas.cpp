// The JSON Schemas of answers (SPEC 2.3). A test checks real answers against them.
#include "gateway/api/openapi.hpp"

namespace belfry::gateway {
namespace {

constexpr NamedSchema kSchemas[] = {
    {"Failure",
     R"({"type":"object","required":["success","message","error"],"properties":{"success":{"const":false},)"
     R"("message":{"type":"string"},"error":{"type":"object","required":["code","message","details","retryAfterMs","requestId"],)"
     R"("properties":{"code":{"type":"string"},"message":{"type":"string"},"details":{"type":"array","items":{"type":"object",)"
     R"("required":["field","issue"],"properties":{"field":{"type":"string"},"issue":{"type":"string"}}}},)"
     R"("retryAfterMs":{"type":["integer","null"]},"requestId":{"type":"string"}}},"data":{"type":"object"}}})"},
    {"Nothing", R"({"type":"null"})"},
    {"Person", R"({"type":"object","required":["id","username","avatar"],"properties":{"id":{"type":"string","format":"uuid"},)"
               R"("username":{"type":"string"},"avatar":{"type":["string","null"]},"displayName":{"type":"string"},)"
               R"("name":{"type":"string"},"online":{"type":"boolean",)"
               R"("description":"connected, or lost the connection less than PRESENCE_GRACE_SECONDS ago"},)"
               R"("blocked":{"type":"boolean","description":"by you; whether they block you is not said"}}})"},
    {"Users",
     R"({"type":"object","required":["users"],"properties":{"users":{"type":"array","items":{"$ref":"#/components/schemas/Person"}}}})"},
    {"Presences",
     R"({"type":"object","required":["presence"],"properties":{"presence":{"type":"array","description":"in the order of `ids`",)"
     R"("items":{"type":"object","required":["userId","state","lastSeenAt"],"properties":{)"
     R"("userId":{"type":"string","format":"uuid"},"state":{"enum":["online","away","busy","offline"],)"
     R"("description":"busy: online and in a call; away is not sent yet"},)"
     R"("lastSeenAt":{"type":["string","null"],"format":"date-time",)"
     R"("description":"when a user who is offline was last connected or active; null: online, unknown or hidden"}}}}}})"},
    {"User",
     R"({"type":"object","required":["id","username","email","displayName","avatar","status","role","mediaUid","createdAt","updatedAt"],)"
     R"("properties":{"id":{"type":"string","format":"uuid"},"username":{"type":"string","pattern":"^[a-zA-Z0-9_-]{1,64}$"},)"
     R"("email":{"type":["string","null"]},"displayName":{"type":"string"},"name":{"type":"string"},)"
     R"("firstName":{"type":["string","null"]},"lastName":{"type":["string","null"]},)"
     R"("avatar":{"type":["string","null"]},"status":{"enum":["active","pending","inactive","blocked","deleted"]},)"
     R"("role":{"enum":["user","admin","guest"]},"mediaUid":{"type":"integer","minimum":1},)"
     R"("createdAt":{"type":"string","format":"date-time"},"updatedAt":{"type":"string","format":"date-time"}}})"},
    {"Me", R"({"type":"object","required":["user"],"properties":{"user":{"$ref":"#/components/schemas/User"}}})"},
    {"SignedIn", R"({"type":"object","required":["user","token"],"properties":{"user":{"$ref":"#/components/schemas/User"},)"
                 R"("token":{"type":"string"},"expiresAt":{"type":"string","format":"date-time"},)"
                 R"("tokens":{"type":"object","required":["accessToken","refreshToken"],"properties":{)"
                 R"("accessToken":{"type":"string"},"refreshToken":{"type":"string"}}},)"
                 R"("session":{"type":"object","required":["id","expiresAt"],"properties":{)"
                 R"("id":{"type":"string","format":"uuid"},"expiresAt":{"type":"string","format":"date-time"}}}}})"},
    {"Session",
     R"({"type":"object","required":["userId","username","role","sessionId","expiresAt"],"properties":{)"
     R"("userId":{"type":"string","format":"uuid"},"username":{"type":"string"},"role":{"enum":["user","admin","guest"]},)"
     R"("sessionId":{"type":"string","format":"uuid"},"expiresAt":{"type":"string","format":"date-time"}}})"},
    {"Sessions", R"({"type":"object","required":["sessions"],"properties":{"sessions":{"type":"array","items":{"type":"object",)"
                 R"("required":["id","createdAt","expiresAt","current"],"properties":{"id":{"type":"string","format":"uuid"},)"
                 R"("createdAt":{"type":"string","format":"date-time"},"expiresAt":{"type":"string","format":"date-time"},)"
                 R"("userAgent":{"type":["string","null"]},"current":{"type":"boolean"}}}}}})"},
    {"UserStatus", R"({"type":"object","required":["id","status"],"properties":{"id":{"type":"string","format":"uuid"},)"
                   R"("status":{"enum":["active","pending","inactive","blocked","deleted"]}}})"},
    {"Conversation",
     R"({"type":"object","required":["id","kind","title","avatar","createdBy","lastSeq","createdAt","updatedAt","members","lastMessage","unreadCount","activeCallId"],)"
     R"("properties":{"lastMessage":{"type":["object","null"]},)"
     R"("unreadCount":{"type":"integer","minimum":0},"activeCallId":{"type":["string","null"],"format":"uuid"},)"
     R"("id":{"type":"string","format":"uuid"},"kind":{"enum":["direct","group"]},)"
     R"("title":{"type":["string","null"]},"avatar":{"type":["string","null"]},"createdBy":{"type":"string","format":"uuid"},)"
     R"("lastSeq":{"type":"integer","minimum":0},"createdAt":{"type":"string","format":"date-time"},)"
     R"("updatedAt":{"type":"string","format":"date-time"},"members":{"type":"array","items":{"type":"object",)"
     R"("required":["userId","username","name","avatar","role","ringMode","joinedAt","readUpToSeq","deliveredUpToSeq"],"properties":{)"
     R"("readUpToSeq":{"type":"integer","minimum":0},"deliveredUpToSeq":{"type":"integer","minimum":0},)"
     R"("userId":{"type":"string","format":"uuid"},"username":{"type":"string"},"name":{"type":"string"},"avatar":{"type":["string","null"]},)"
     R"("role":{"enum":["owner","admin","member"]},"ringMode":{"enum":["all","none"]},"mutedUntil":{"type":["string","null"],"format":"date-time"},)"
     R"("joinedAt":{"type":"string","format":"date-time"}}}}}})"},
    {"Conversations",
     R"({"type":"object","required":["conversations","nextCursor"],"properties":{"conversations":{"type":"array",)"
     R"("items":{"$ref":"#/components/schemas/Conversation"}},"nextCursor":{"type":["string","null"]},)"
     R"("pagination":{"type":"object","required":["page","limit","total","totalPages"]}}})"},
    {"Message",
     R"({"type":"object","required":["id","conversationId","seq","senderId","clientMessageId","kind","text","attachments","callId",)"
     R"("call","replyTo","createdAt","editedAt","deletedAt"],"properties":{"id":{"type":"string","format":"uuid"},)"
     R"("conversationId":{"type":"string","format":"uuid"},"seq":{"type":"integer","minimum":1},)"
     R"("senderId":{"type":"string","format":"uuid"},"clientMessageId":{"type":"string"},)"
     R"("kind":{"enum":["text","system","call","voicemail","file"]},"text":{"type":"string"},"attachments":{"type":"array","items":{"$ref":"#/components/schemas/File"}},)"
     R"("callId":{"type":["string","null"]},"call":{"type":["object","null"]},"replyTo":{"type":["string","null"]},)"
     R"("createdAt":{"type":"string","format":"date-time"},"editedAt":{"type":["string","null"],"format":"date-time"},)"
     R"("deletedAt":{"type":["string","null"],"format":"date-time"},)"
     R"("messageType":{"const":"call","description":"this, content and metadata: of kind call only"},)"
     R"("content":{"type":"string","description":"the same as text"},)"
     R"("metadata":{"type":"object","required":["callId","callType","callStatus","callDuration"],"properties":{)"
     R"("callId":{"type":"string","format":"uuid"},"callType":{"enum":["audio","video"]},)"
     R"("callStatus":{"enum":["completed","missed","rejected"]},"callDuration":{"type":"integer","minimum":0}}}}})"},
    {"File",
     R"({"type":"object","required":["id","url","name","mime","size","width","height","thumbnailUrl"],"properties":{)"
     R"("id":{"type":"string","format":"uuid"},"url":{"type":"string"},"name":{"type":"string"},"mime":{"type":"string"},)"
     R"("size":{"type":"integer","minimum":1},"width":{"type":["integer","null"]},"height":{"type":["integer","null"]},)"
     R"("thumbnailUrl":{"type":["string","null"]}}})"},
    {"Messages",
     R"({"type":"object","required":["messages","hasMore","lastSeq"],"properties":{"messages":{"type":"array",)"
     R"("items":{"$ref":"#/components/schemas/Message"}},"hasMore":{"type":"boolean"},"lastSeq":{"type":"integer","minimum":0}}})"},
    {"ChatMessage",
     R"({"type":"object","required":["_id","id","sender","receiver","text","image","attachments","timestamp","createdAt","updatedAt",)"
     R"("read","delivered","seq","conversationId","clientMessageId","kind","callId","replyTo","editedAt","deletedAt"],"properties":{)"
     R"("_id":{"type":"string","format":"uuid"},"id":{"type":"string","format":"uuid"},)"
     R"("sender":{"type":"string","format":"uuid"},"receiver":{"type":"string","format":"uuid"},"text":{"type":"string"},)"
     R"("image":{"type":["string","null"]},"attachments":{"type":"array"},"timestamp":{"type":"string","format":"date-time"},)"
     R"("createdAt":{"type":"string","format":"date-time"},"updatedAt":{"type":"string","format":"date-time"},)"
     R"("read":{"type":"boolean","description":"the receiver has read it"},"delivered":{"type":"boolean"},)"
     R"("seq":{"type":"integer","minimum":1},"conversationId":{"type":"string","format":"uuid"},)"
     R"("clientMessageId":{"type":"string"},"kind":{"enum":["text","system","call","voicemail","file"]},)"
     R"("callId":{"type":["string","null"]},"replyTo":{"type":["string","null"]},)"
     R"("editedAt":{"type":["string","null"]},"deletedAt":{"type":["string","null"]}}})"},
    {"ChatMessages",
     R"({"type":"object","required":["messages","hasMore","conversationId"],"properties":{"messages":{"type":"array",)"
     R"("items":{"$ref":"#/components/schemas/ChatMessage"}},"hasMore":{"type":"boolean"},)"
     R"("conversationId":{"type":["string","null"],"description":"null: these two have written nothing yet"}}})"},
    {"UnreadMessages",
     R"({"type":"object","required":["unreadmessages"],"properties":{"unreadmessages":{"type":"integer","minimum":0}}})"},
    {"ReadUpTo", R"({"type":"object","required":["readUpToSeq"],"properties":{"readUpToSeq":{"type":"integer","minimum":0}}})"},
    {"Contacts",
     R"({"type":"object","required":["users"],"properties":{"users":{"type":"array","items":{"type":"object",)"
     R"("required":["_id","id","username","name","bio","avatar","online","unreadCount","lastMessage","conversationId"],)"
     R"("properties":{"_id":{"type":"string","format":"uuid"},"id":{"type":"string","format":"uuid"},)"
     R"("username":{"type":"string"},"name":{"type":"string"},"bio":{"type":"string"},"avatar":{"type":["string","null"]},)"
     R"("profileImg":{"type":"string"},"online":{"type":"boolean"},"unreadCount":{"type":"integer","minimum":0},)"
     R"("lastMessage":{"type":["object","null"],"description":"null too if the list would be too long with it"},)"
     R"("conversationId":{"type":["string","null"]}}}}}})"},
    {"Receipt", R"({"type":"object","required":["conversationId","readUpToSeq","deliveredUpToSeq","unreadCount"],"properties":{)"
                R"("conversationId":{"type":"string","format":"uuid"},"readUpToSeq":{"type":"integer","minimum":0},)"
                R"("deliveredUpToSeq":{"type":"integer","minimum":0},"unreadCount":{"type":"integer","minimum":0}}})"},
    {"Typing", R"({"type":"object","required":["conversationId","typing"],"properties":{)"
               R"("conversationId":{"type":"string","format":"uuid"},"typing":{"type":"boolean"}}})"},
    {"Unread",
     R"({"type":"object","required":["total","conversations"],"properties":{"total":{"type":"integer","minimum":0},)"
     R"("conversations":{"type":"array","items":{"type":"object","required":["conversationId","unreadCount"],"properties":{)"
     R"("conversationId":{"type":"string","format":"uuid"},"unreadCount":{"type":"integer","minimum":1}}}}}})"},
    {"FoundMessages",
     R"({"type":"object","required":["results","nextCursor"],"properties":{"results":{"type":"array","items":{"type":"object",)"
     R"("required":["message","conversationId","snippet","score"],"properties":{)"
     R"("message":{"$ref":"#/components/schemas/Message"},"conversationId":{"type":"string","format":"uuid"},)"
     R"("snippet":{"type":"string"},"score":{"type":"number"}}}},"nextCursor":{"type":["string","null"]}}})"},
    {"Device",
     R"({"type":"object","required":["id","platform","name","pushProvider","lastActiveAt","dnd","createdAt"],"properties":{)"
     R"("id":{"type":"string","format":"uuid"},"platform":{"enum":["ios","android","web","desktop"]},"name":{"type":"string"},)"
     R"("pushProvider":{"enum":["fcm","apns","webpush","unifiedpush","none"]},)"
     R"("lastActiveAt":{"type":"string","format":"date-time"},"dnd":{"type":"boolean"},)"
     R"("createdAt":{"type":"string","format":"date-time"}}})"},
    {"Devices", R"({"type":"object","required":["devices","vapidPublicKey"],"properties":{"devices":{"type":"array",)"
                R"("items":{"$ref":"#/components/schemas/Device"}},"vapidPublicKey":{"type":["string","null"]}}})"},
    {"PushDeliveries",
     R"({"type":"object","required":["deliveries","pagination"],"properties":{"deliveries":{"type":"array","items":{)"
     R"("type":"object","required":["id","callId","userId","deviceId","kind","provider","status","attempts","error","latencyMs",)"
     R"("createdAt","updatedAt"],"properties":{"id":{"type":"string"},"callId":{"type":"string","format":"uuid"},)"
     R"("userId":{"type":"string","format":"uuid"},"deviceId":{"type":"string","format":"uuid"},"kind":{"enum":["ring","cancel"]},)"
     R"("provider":{"enum":["fcm","apns","webpush","unifiedpush","none"]},)"
     R"("status":{"enum":["pending","delivered","failed","expired","unregistered","dropped"]},)"
     R"("attempts":{"type":"integer","minimum":0},"error":{"type":["string","null"]},"latencyMs":{"type":["integer","null"]},)"
     R"("createdAt":{"type":"string","format":"date-time"},"updatedAt":{"type":"string","format":"date-time"}}}},)"
     R"("pagination":{"type":"object","required":["page","limit","total","totalPages"]}}})"},
    {"Block", R"({"type":"object","required":["userId","blocked"],"properties":{"userId":{"type":"string","format":"uuid"},)"
              R"("blocked":{"type":"boolean"}}})"},
    {"Leg",
     R"({"type":"object","required":["userId","role","state","deviceId","invitedAt","ringingAt","joinedAt","leftAt","leaveReason",)"
     R"("mediaState"],)"
     R"("properties":{"userId":{"type":"string","format":"uuid"},"role":{"enum":["caller","callee"]},)"
     R"("state":{"enum":["invited","notified","ringing","joined","suspended","declined","busy","missed","left","kicked"]},)"
     R"("deviceId":{"type":["string","null"]},"invitedAt":{"type":"string","format":"date-time"},)"
     R"("ringingAt":{"type":["string","null"],"format":"date-time"},"joinedAt":{"type":["string","null"],"format":"date-time"},)"
     R"("leftAt":{"type":["string","null"],"format":"date-time"},"leaveReason":{"type":["string","null"]},)"
     R"("mediaState":{"type":["object","null"],"required":["audio","video","screen"],"description":"what they send, as their client )"
     R"(said last with call.media; null: it has not, or they are not in the call","properties":{"audio":{"type":"boolean"},)"
     R"("video":{"type":"boolean"},"screen":{"type":"boolean"}}}}})"},
    {"Call",
     R"({"type":"object","required":["id","callerId","recipientId","callType","status","endReason","endedBy","dialect",)"
     R"("ringTimeoutSec","ringExpiresAt","startedAt","endedAt","duration","durationSeconds","isRecorded","recordingUrl","qualityMetrics",)"
     R"("metadata","version","createdAt","updatedAt","participants"],"properties":{"id":{"type":"string","format":"uuid"},)"
     R"("callerId":{"type":"string","format":"uuid"},"recipientId":{"type":["string","null"],"format":"uuid"},)"
     R"("conversationId":{"type":["string","null"],"format":"uuid"},"groupId":{"type":["string","null"],"format":"uuid"},"callType":{"enum":["audio","video"]},)"
     R"("status":{"enum":["calling","connected","rejected","missed","ended"]},"endReason":{"type":["string","null"]},)"
     R"("endedBy":{"type":["string","null"],"format":"uuid"},"dialect":{"enum":["native","token","rest","signaling","chat"]},)"
     R"("ringPolicy":{"type":"string"},"mediaMode":{"enum":["p2p","sfu","external"]},"channel":{"type":["string","null"]},)"
     R"("ringTimeoutSec":{"type":"integer"},"ringExpiresAt":{"type":["string","null"],"format":"date-time"},)"
     R"("firstRingAt":{"type":["string","null"],"format":"date-time"},"startedAt":{"type":["string","null"],"format":"date-time"},)"
     R"("endedAt":{"type":["string","null"],"format":"date-time"},"duration":{"type":["integer","null"],"minimum":0},)"
     R"("durationSeconds":{"type":"integer","minimum":0},)"
     R"("isRecorded":{"type":"boolean"},"recordingUrl":{"type":["string","null"]},"qualityMetrics":{"type":"object"},)"
     R"("metadata":{"type":"object"},"version":{"type":"integer","minimum":1},"createdAt":{"type":"string","format":"date-time"},)"
     R"("updatedAt":{"type":"string","format":"date-time"},)"
     R"("participants":{"type":"array","items":{"$ref":"#/components/schemas/Leg"}},)"
     R"("caller":{"$ref":"#/components/schemas/Person"},"recipient":{"$ref":"#/components/schemas/Person"},)"
     R"("reachable":{"type":"boolean"},"glare":{"type":"boolean"}}})"},
    {"Calls",
     R"({"type":"object","required":["calls"],"properties":{"calls":{"type":"array","items":{"$ref":"#/components/schemas/Call"}}}})"},
    {"PendingCall",
     R"({"type":"object","required":["callerId","calleeIds","startedAt","status"],"properties":{)"
     R"("callerId":{"type":"string","format":"uuid"},"calleeIds":{"type":"array","items":{"type":"string","format":"uuid"}},)"
     R"("startedAt":{"type":"integer"},"status":{"enum":["ringing"]}}})"},
    {"QualityOverview", R"({"type":"object","required":["calls","days"],"properties":{"calls":{"type":"array",)"
                        R"("items":{"$ref":"#/components/schemas/Call"}},"days":{"type":"array","items":{"type":"object",)"
                        R"("required":["day","minutes"],"properties":{"day":{"type":"string"},"minutes":{"type":"number"}}}}}})"},
    {"ActiveCalls",
     R"({"type":"object","required":["calls","callSeqs"],"properties":{"calls":{"type":"array",)"
     R"("items":{"$ref":"#/components/schemas/Call"}},"callSeqs":{"type":"object","additionalProperties":{"type":"integer"}}}})"},
    {"History",
     R"({"type":"object","required":["calls","pagination"],"properties":{"calls":{"type":"array",)"
     R"("items":{"$ref":"#/components/schemas/Call"}},"pagination":{"type":"object",)"
     R"("required":["page","limit","total","totalPages"],"properties":{"page":{"type":"integer"},"limit":{"type":"integer"},)"
     R"("total":{"type":"integer"},"totalPages":{"type":"integer"}}},"nextCursor":{"type":["string","null"]},)"
     R"("attempts":{"type":"array","items":{"type":"object","required":["id","reason","callType","createdAt","caller","recipient"]}}}})"},
    {"TurnCredentials",
     R"({"type":"object","required":["iceServers","expiresAt","ttl"],"properties":{"iceServers":{"type":"array",)"
     R"("items":{"type":"object","required":["urls"]}},"expiresAt":{"type":"integer"},"ttl":{"type":"integer"}}})"},
    {"IceServers",
     R"({"type":"object","required":["iceServers","ttl"],"properties":{"iceServers":{"type":"array",)"
     R"("items":{"type":"object","required":["urls"],"properties":{"urls":{"type":"string"},"username":{"type":"string"},)"
     R"("credential":{"type":"string"}}}},"ttl":{"type":"integer"}}})"},
    {"MediaToken",
     R"({"type":"object","required":["token","provider","appId","channel","uid","uidType","expiresIn","expiresAt",)"
     R"("privilegeExpiresAt"],"properties":{"token":{"type":"string"},"provider":{"enum":["native","agora","livekit"]},)"
     R"("appId":{"type":"string"},"channel":{"type":"string"},"uid":{"type":["string","integer"]},)"
     R"("uidType":{"enum":["string","numeric"]},"expiresIn":{"type":"integer"},)"
     R"("expiresAt":{"type":"string","format":"date-time"},"privilegeExpiresAt":{"type":"string","format":"date-time"},)"
     R"("iceServers":{"type":"array","items":{"type":"object","required":["urls"]}},"sfuUrl":{"type":"string"}}})"},
    {"JoinedMedia",
     R"({"type":"object","required":["conversationId","callId","channel","uid","mediaMode","participants"],"properties":{)"
     R"("conversationId":{"type":["string","null"]},"callId":{"type":["string","null"]},"channel":{"type":"string"},)"
     R"("uid":{"type":["string","integer"]},"mediaMode":{"enum":["p2p","sfu","external"]},)"
     R"("participants":{"type":"array","items":{"type":"string","format":"uuid"}}}})"},
    {"ConfigLint",
     R"({"type":"object","required":["findings"],"properties":{"findings":{"type":"array","items":{"type":"object",)"
     R"("required":["setting","level","message"],"properties":{"setting":{"type":"string"},"level":{"type":"string"},)"
     R"("message":{"type":"string"}}}}}})"},
    {"Statistics",
     R"({"type":"object","required":["totalCalls","totalDuration","averageDuration","missedCalls","rejectedCalls","incoming",)"
     R"("outgoing","audioCalls","videoCalls"],"properties":{"totalCalls":{"type":"integer"},"totalDuration":{"type":"integer"},)"
     R"("averageDuration":{"type":"number"},"missedCalls":{"type":"integer"},"rejectedCalls":{"type":"integer"},)"
     R"("incoming":{"type":"integer"},"outgoing":{"type":"integer"},"audioCalls":{"type":"integer"},)"
     R"("videoCalls":{"type":"integer"},"days":{"type":"array","items":{"type":"object","required":["day"]}}}})"},
    {"Signal", R"({"type":"object","required":["queued"],"properties":{"queued":{"type":"boolean"}}})"},
    {"Accepted", R"({"type":"object","required":["accepted"],"properties":{"accepted":{"type":"integer"}}})"},
    {"Quality",
     R"({"type":"object","required":["qualityMetrics","samples","pagination"],"properties":{"qualityMetrics":{"type":"object"},)"
     R"("samples":{"type":"array","items":{"type":"object","required":["userId","ts"]}},"pagination":{"type":"object",)"
     R"("required":["page","limit","total","totalPages"]}}})"},
    {"Audit",
     R"({"type":"object","required":["entries"],"properties":{"entries":{"type":"array","items":{"type":"object",)"
     R"("required":["seq","callId","callSeq","type","actorUserId","actorDeviceId","payload","prevHash","hash","createdAt"]}}}})"},
    {"LiveSessions",
     R"({"type":"object","required":["sessions","users"],"properties":{"users":{"type":"integer"},"sessions":{"type":"array",)"
     R"("items":{"type":"object","required":["id","userId","dialect","state"]}}}})"},
    {"Invariants",
     R"({"type":"object","required":["ok","violations"],"properties":{"ok":{"type":"boolean"},"violations":{"type":"array",)"
     R"("items":{"type":"object","required":["invariant","callId","what"]}}}})"},
    {"Config", R"({"type":"object"})"},
    {"Clock", R"({"type":"object","required":["now","nowMs"],"properties":{"now":{"type":"string","format":"date-time"},)"
              R"("nowMs":{"type":"integer"}}})"},
};

}  // namespace

std::span<const NamedSchema> named_schemas() { return kSchemas; }

}  // namespace belfry::gateway
