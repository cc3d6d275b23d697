// SPDX-License-Identifier: Apache-2.0
#include "master/app/stores_config.h"

#include <fmt/ranges.h>
#include <sys/stat.h>

#include "shared/base/atomic_file.h"
#include "shared/base/host_port.h"
#include "shared/base/status.h"

namespace ifrit::master::app {
namespace {

using config::TomlSection;

constexpr std::size_t kMaxPasswordBytes = 1'024;

/// The program may be started from anywhere, so a relative path would name one file or another.
void requireAbsolute(TomlSection& section, const char* key, const std::string& path) {
    if (!path.empty() && path.front() != '/') section.reject(key, "must be an absolute path");
}

void requireOne(TomlSection& section, const char* key, const std::string& value) {
    if (value.empty()) section.reject(key, "must be given");
}

void readMariadb(TomlSection& section, StoreConfig& store) {
    storage::sql::MariadbServer& server = store.server;
    section.read("host", server.host);
    section.read("socket", server.socket);
    section.read("port", server.port, 1, 65'535);
    section.read("database", server.database);
    section.read("user", server.user);
    section.read("password_file", store.passwordFile);
    section.read("tls_ca", server.tlsCa);
    section.read("tls_certificate", server.tlsCertificate);
    section.read("tls_key", server.tlsKey);
    section.readMillis("connect_timeout_ms", server.connectTimeout, 1'000, 60'000);
    section.readMillis("answer_timeout_ms", server.answerTimeout, 10'000, 600'000);
    section.read("connections", store.connections, 2, 64);
}

void checkMariadb(TomlSection& section, const StoreConfig& store) {
    const storage::sql::MariadbServer& server = store.server;
    if (server.host.empty() == server.socket.empty())
        section.reject("host", "give one of host and socket");
    requireOne(section, "database", server.database);
    requireOne(section, "user", server.user);
    requireAbsolute(section, "socket", server.socket);
    requireAbsolute(section, "password_file", store.passwordFile);
    requireAbsolute(section, "tls_ca", server.tlsCa);
    requireAbsolute(section, "tls_certificate", server.tlsCertificate);
    requireAbsolute(section, "tls_key", server.tlsKey);
    if (server.tlsCertificate.empty() != server.tlsKey.empty())
        section.reject("tls_key", "tls_certificate and tls_key go together");
    if (!server.tlsCertificate.empty() && server.tlsCa.empty())
        section.reject("tls_ca", "must be given with tls_certificate");
}

void readRedis(TomlSection& section, CacheConfig& cache) {
    cache::RedisOptions& redis = cache.redis;
    section.read("host", redis.host);
    section.read("socket", redis.socket);
    section.read("port", redis.port, 1, 65'535);
    section.read("sentinels", redis.sentinels);
    section.read("sentinel_master", redis.sentinelMaster);
    section.read("sentinel_user", redis.sentinelUser);
    section.read("sentinel_password_file", cache.sentinelPasswordFile);
    section.read("user", redis.user);
    section.read("password_file", cache.passwordFile);
    section.read("database", redis.database, 0, 1'000);
    section.readMillis("connect_timeout_ms", redis.connectTimeout, 100, 60'000);
    section.readMillis("answer_timeout_ms", redis.answerTimeout, 100, 60'000);
}

void checkRedis(TomlSection& section, const CacheConfig& cache) {
    const cache::RedisOptions& redis = cache.redis;
    const int ways = (redis.host.empty() ? 0 : 1) + (redis.socket.empty() ? 0 : 1) +
                     (redis.sentinels.empty() ? 0 : 1);
    if (ways != 1) section.reject("host", "give one of host, socket and sentinels");
    for (const std::string& address : redis.sentinels) {
        const absl::Status status = base::parseHostPort(address).status();
        if (!status.ok()) section.reject("sentinels", base::messageOf(status));
    }
    if (redis.sentinels.empty() != redis.sentinelMaster.empty())
        section.reject("sentinel_master", "sentinels and sentinel_master go together");
    if (redis.sentinels.empty() && !cache.sentinelPasswordFile.empty())
        section.reject("sentinel_password_file", "there are no sentinels");
    if (cache.sentinelPasswordFile.empty() && !redis.sentinelUser.empty())
        section.reject("sentinel_user", "sentinel_password_file must be given with it");
    requireAbsolute(section, "socket", redis.socket);
    requireAbsolute(section, "password_file", cache.passwordFile);
    requireAbsolute(section, "sentinel_password_file", cache.sentinelPasswordFile);
}

absl::StatusOr<std::string> readPassword(const std::string& file) {
    const auto refuse = [&file](std::string_view why) {
        return base::invalidArgument("CONFIG_INVALID", file, "password_file {} {}", file, why);
    };
    struct stat found {};
    if (::stat(file.c_str(), &found) != 0) return refuse("cannot be read");
    if ((found.st_mode & 0077) != 0)
        return refuse("can be read by others than its owner; make it mode 0600");
    const auto text = base::readFile(file, kMaxPasswordBytes);
    if (!text.ok()) return refuse("cannot be read");
    return text->substr(0, text->find_first_of("\r\n"));
}

struct Password {
    const char* variable;  ///< null: there is none
    const char* key;
    const std::string& file;
    std::string& value;
};

absl::Status readPassword(const Password& password, config::GetVariable get,
                          config::Origins& origins) {
    const char* const fromOutside = password.variable == nullptr ? nullptr : get(password.variable);
    if (fromOutside != nullptr && *fromOutside != '\0') {
        password.value = fromOutside;
        origins[password.key] = password.variable;
    } else if (!password.file.empty()) {
        IFRIT_ASSIGN_OR_RETURN(password.value, readPassword(password.file));
        origins[password.key] = password.file;
    }
    return absl::OkStatus();
}

/// TOML's basic strings escape as JSON's do, and our values have no control characters.
std::string line(const char* key, const std::string& value) {
    if (value.empty()) return "";
    std::string escaped;
    for (const char c : value) {
        if (c == '"' || c == '\\') escaped += '\\';
        escaped += c;
    }
    return fmt::format("{} = \"{}\"\n", key, escaped);
}

}  // namespace

void readStore(TomlSection& top, StoreConfig& store) {
    const toml::table* table = top.section("store");
    if (table == nullptr) return;
    TomlSection section(*table, top, "store");
    std::string kind = "sqlite";
    section.read("kind", kind);
    if (kind == "mariadb") {
        store.kind = StoreConfig::Kind::Mariadb;
        readMariadb(section, store);
        checkMariadb(section, store);
    } else if (kind != "sqlite") {
        section.reject("kind", "must be sqlite or mariadb");
    }
    top.note(section.finish());
}

void readCache(TomlSection& top, CacheConfig& cache) {
    const toml::table* table = top.section("cache");
    if (table == nullptr) return;
    TomlSection section(*table, top, "cache");
    std::string kind = "memory";
    section.read("kind", kind);
    if (kind == "redis") {
        cache.kind = CacheConfig::Kind::Redis;
        readRedis(section, cache);
        checkRedis(section, cache);
    } else if (kind != "memory") {
        section.reject("kind", "must be memory or redis");
    }
    top.note(section.finish());
}

absl::Status readPasswords(StoreConfig& store, CacheConfig& cache, config::GetVariable get,
                           config::Origins& origins) {
    IFRIT_RETURN_IF_ERROR(readPassword(
        {"IFRIT_STORE_PASSWORD", "store.password", store.passwordFile, store.server.password}, get,
        origins));
    IFRIT_RETURN_IF_ERROR(readPassword(
        {"IFRIT_CACHE_PASSWORD", "cache.password", cache.passwordFile, cache.redis.password}, get,
        origins));
    return readPassword({nullptr, "cache.sentinel_password", cache.sentinelPasswordFile,
                         cache.redis.sentinelPassword},
                        get, origins);
}

std::string printStore(const StoreConfig& store) {
    if (store.kind == StoreConfig::Kind::Sqlite) return "\n[store]\nkind = \"sqlite\"\n";
    const storage::sql::MariadbServer& server = store.server;
    std::string out = "\n[store]\nkind = \"mariadb\"\n";
    out += line("host", server.host) + line("socket", server.socket);
    if (!server.host.empty()) out += fmt::format("port = {}\n", server.port);
    out += line("database", server.database) + line("user", server.user);
    out += line("password_file", store.passwordFile);
    if (!server.password.empty()) out += "# password is set and not shown\n";
    out += line("tls_ca", server.tlsCa) + line("tls_certificate", server.tlsCertificate) +
           line("tls_key", server.tlsKey);
    return out + fmt::format("connections = {}\nconnect_timeout_ms = {}\nanswer_timeout_ms = {}\n",
                             store.connections, server.connectTimeout.count(),
                             server.answerTimeout.count());
}

std::string printCache(const CacheConfig& cache) {
    if (cache.kind == CacheConfig::Kind::Memory) return "\n[cache]\nkind = \"memory\"\n";
    const cache::RedisOptions& redis = cache.redis;
    std::string out = "\n[cache]\nkind = \"redis\"\n";
    out += line("host", redis.host) + line("socket", redis.socket);
    if (!redis.host.empty()) out += fmt::format("port = {}\n", redis.port);
    if (!redis.sentinels.empty())
        out += fmt::format("sentinels = [\"{}\"]\n", fmt::join(redis.sentinels, "\", \""));
    out += line("sentinel_master", redis.sentinelMaster) +
           line("sentinel_user", redis.sentinelUser) +
           line("sentinel_password_file", cache.sentinelPasswordFile);
    if (!redis.sentinelPassword.empty()) out += "# sentinel_password is set and not shown\n";
    out += line("user", redis.user);
    out += line("password_file", cache.passwordFile);
    if (!redis.password.empty()) out += "# password is set and not shown\n";
    return out + fmt::format("database = {}\nconnect_timeout_ms = {}\nanswer_timeout_ms = {}\n",
                             redis.database, redis.connectTimeout.count(),
                             redis.answerTimeout.count());
}

}  // namespace ifrit::master::app
