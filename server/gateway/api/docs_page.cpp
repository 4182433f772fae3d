// GET /docs: the table of operations as a page. The server renders it, so that the page needs no script: its content security
// policy allows none.
#include <set>

#include "gateway/api/openapi.hpp"
#include "gateway/api/route_table.hpp"

namespace belfry::gateway {
namespace {

constexpr std::string_view kHead =
    R"(<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">)"
    R"(<title>Belfry API</title><style>body{font:16px/1.5 system-ui,sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem;)"
    R"(color:#222;background:#fff}details{border:1px solid #ccc;border-radius:.4rem;margin:.5rem 0;padding:.5rem .8rem})"
    R"(summary{cursor:pointer}code{font:14px ui-monospace,monospace;background:#f2f2f2;padding:.1rem .3rem;border-radius:.2rem})"
    R"(table{border-collapse:collapse;margin:.6rem 0}td,th{text-align:left;padding:.2rem .8rem .2rem 0;vertical-align:top})"
    R"(pre{overflow:auto;background:#f2f2f2;padding:.6rem}@media(prefers-color-scheme:dark){body{color:#ddd;background:#16181c})"
    R"(code,pre{background:#262a30}details{border-color:#444}a{color:#8ab4f8}}</style></head><body>)";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

std::string code(std::string_view text) { return "<code>" + escaped(text) + "</code>"; }

void append_fields(std::string& page, std::string_view title, const std::vector<Field>& fields) {
  std::string rows;
  for (const Field& field : fields) {
    if (field.need == Need::quiet || field.need == Need::later) continue;
    rows += "<tr><td>" + code(field.name) + "</td><td>" + (field.need == Need::required ? "required" : "") + "</td><td>" +
            code(schema_of(field)) + "</td></tr>";
  }
  if (!rows.empty()) page.append("<h4>").append(title).append("</h4><table>").append(rows).append("</table>");
}

void append_operation(std::string& page, const Operation& operation) {
  page += "<details id=\"" + escaped(operation.id) + "\"><summary>" +
          code(std::string(method_name(operation.method)) + " " + std::string(operation.path)) + " " +
          escaped(operation.summary) + "</summary>";
  if (operation.auth == Auth::none) page += "<p>Needs no session.</p>";
  if (operation.auth == Auth::admin) page += "<p>For administrators.</p>";
  append_fields(page, "Query", operation.query);
  append_fields(page, "Body", operation.body);
  page += "<h4>Answers</h4><table><tr><td>" + std::to_string(operation.status) + "</td><td><a href=\"#schema-" +
          escaped(operation.data) + "\">" + escaped(operation.data) + "</a></td></tr>";
  std::set<std::pair<int, std::string_view>> seen;
  for (const ApiError error : errors_of(operation)) {
    const WireError& words = wire_error(error);
    if (seen.emplace(words.status, words.code).second)
      page += "<tr><td>" + std::to_string(words.status) + "</td><td>" + code(words.code) + "</td></tr>";
  }
  page += "</table></details>";
}

}  // namespace

std::string docs_page(const Operations& operations, std::string_view version) {
  std::string page(kHead);
  page += "<h1>Belfry API " + escaped(version) + "</h1><p>For programs: <a href=\"/api/openapi.json\">openapi.json</a>. ";
  page += "Answers are <code>{success, data, message?}</code> or <code>{success, message, error}</code>. Log in with ";
  page += code("POST /api/auth/login") + " and send the token as " + code("Authorization: Bearer …") + ".</p><h2>Operations</h2>";
  for (const Operation& operation : operations)
    if (operation.documented) append_operation(page, operation);
  page += "<h2>Schemas</h2>";
  for (const auto& [name, schema] : named_schemas())
    page += "<details id=\"schema-" + escaped(name) + "\"><summary>" + code(name) + "</summary><pre>" + escaped(schema) +
            "</pre></details>";
  return page + "</body></html>";
}

}  // namespace belfry::gateway
