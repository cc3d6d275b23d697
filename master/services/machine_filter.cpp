// SPDX-License-Identifier: Apache-2.0
#include "master/services/machine_filter.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <chrono>
#include <optional>
#include <regex>
#include <sstream>
#include <utility>

#include "shared/base/status.h"
#include "shared/domain/enum_names.h"

namespace ifrit::master::services {
namespace {

using TextOf = std::function<std::string(const MachineView&)>;
using Match = std::function<bool(const std::string&)>;

constexpr std::size_t kMaxFilterBytes = 4'096;

absl::Status bad(const std::string& term, const std::string& why) {
    return base::invalidArgument("FILTER", term, "filter term '{}': {}", term, why);
}

bool isDigit(char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

/// '~' sorts before the end, which sorts before letters, which sort before the rest (as Debian).
int rank(const std::string& text, std::size_t at) {
    if (at >= text.size()) return 0;
    const char c = text[at];
    if (c == '~') return -1;
    if (isDigit(c)) return 0;
    const bool letter = std::isalpha(static_cast<unsigned char>(c)) != 0;
    return static_cast<unsigned char>(c) + (letter ? 1 : 256);
}

std::optional<std::chrono::seconds> durationOf(const std::string& text) {
    long long number = 0;
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    if (parsed.ec != std::errc() || number < 0 || parsed.ptr + 1 != end) return std::nullopt;
    switch (*parsed.ptr) {
        case 's':
            return std::chrono::seconds(number);
        case 'm':
            return std::chrono::minutes(number);
        case 'h':
            return std::chrono::hours(number);
        case 'd':
            return std::chrono::hours(24 * number);
        default:
            return std::nullopt;
    }
}

absl::StatusOr<Match> matchOf(const std::string& term, const std::string& value) {
    if (value.size() >= 2 && value.front() == '/' && value.back() == '/') {
        try {
            const std::regex regex(value.substr(1, value.size() - 2),
                                   std::regex::ECMAScript | std::regex::optimize);
            return Match(
                [regex](const std::string& text) { return std::regex_search(text, regex); });
        } catch (const std::regex_error& error) {
            return bad(term, std::string("not a regular expression: ") + error.what());
        }
    }
    return Match([value](const std::string& text) { return text == value; });
}

bool compares(int order, char op) {
    if (op == '<') return order < 0;
    if (op == '>') return order > 0;
    return order == 0;
}

const StoredMachine& storedOf(const MachineView& machine) {
    return machine.record->stored;
}

struct Piece {
    std::string term;
    std::string key;
    char op = ':';
    std::string value;
};

Piece split(const std::string& term) {
    Piece out{term, {}, ':', term};
    const std::size_t at = term.find_first_of(":<>");
    if (at == std::string::npos || term.front() == '/') return out;
    out.key = term.substr(0, at);
    out.op = term[at];
    out.value = term.substr(at + 1);
    return out;
}

using TermResult = absl::StatusOr<std::function<bool(const MachineView&, base::WallTime)>>;

TermResult textTerm(const Piece& piece, TextOf textOf) {
    if (piece.op != ':') return bad(piece.term, "use ':' here");
    IFRIT_ASSIGN_OR_RETURN(Match match, matchOf(piece.term, piece.value));
    return [textOf = std::move(textOf), match](const MachineView& machine, base::WallTime) {
        return match(textOf(machine));
    };
}

TermResult labelTerm(const Piece& piece) {
    const std::size_t equals = piece.value.find('=');
    const std::string key = piece.value.substr(0, equals);
    if (piece.op != ':' || key.empty())
        return bad(piece.term, "write label:key=value or label:key");
    if (equals == std::string::npos) {
        return [key](const MachineView& machine, base::WallTime) {
            return storedOf(machine).facts.labels.count(key) != 0;
        };
    }
    IFRIT_ASSIGN_OR_RETURN(Match match, matchOf(piece.term, piece.value.substr(equals + 1)));
    return [key, match](const MachineView& machine, base::WallTime) {
        const auto& labels = storedOf(machine).facts.labels;
        const auto found = labels.find(key);
        return found != labels.end() && match(found->second);
    };
}

TermResult seenTerm(const Piece& piece) {
    const auto duration = durationOf(piece.value);
    if (!duration || piece.op == ':')
        return bad(piece.term, "write seen>5m or seen<30s, with s, m, h or d");
    return [op = piece.op, duration](const MachineView& machine, base::WallTime now) {
        const auto ago = now - machine.lastSeen;
        return op == '>' ? ago > *duration : ago < *duration;
    };
}

TermResult batchTerm(const Piece& piece) {
    std::uint32_t number = 0;
    const char* end = piece.value.data() + piece.value.size();
    if (std::from_chars(piece.value.data(), end, number).ptr != end || piece.value.empty())
        return bad(piece.term, "write a number");
    return [op = piece.op, number](const MachineView& machine, base::WallTime) {
        const std::uint32_t batch = machine.record->batch;
        return compares(batch < number ? -1 : batch > number ? 1 : 0, op);
    };
}

TermResult stateTerm(const Piece& piece, const std::string& agent) {
    const auto state = domain::fromName<domain::MachineState>(piece.value);
    if (!state || piece.op != ':')
        return bad(piece.term, "unknown state; for example healthy, failed, silent, reverted");
    return [state, agent](const MachineView& machine, base::WallTime) {
        if (agent.empty() || machine.offline) return worstState(machine) == *state;
        const auto report = reportOf(*machine.record, agent);
        return report && report->state == *state;
    };
}

TermResult versionTerm(const Piece& piece, const std::string& agent) {
    Match match = [value = piece.value, op = piece.op](const std::string& version) {
        return !version.empty() && compares(compareVersions(version, value), op);
    };
    if (piece.op == ':') {
        IFRIT_ASSIGN_OR_RETURN(match, matchOf(piece.term, piece.value));
    }
    return [match, agent](const MachineView& machine, base::WallTime) {
        const auto& agents = storedOf(machine).agents;
        return std::any_of(agents.begin(), agents.end(), [&](const auto& report) {
            return (agent.empty() || report.agent == agent) && match(report.runningVersion);
        });
    };
}

TermResult wordTerm(const std::string& word) {
    return [word](const MachineView& machine, base::WallTime) {
        const auto& facts = storedOf(machine).facts;
        return facts.uuid.find(word) != std::string::npos ||
               facts.hostname.find(word) != std::string::npos ||
               facts.address.find(word) != std::string::npos;
    };
}

TermResult termOf(const Piece& piece, const std::string& agent) {
    if (piece.key.empty()) return wordTerm(piece.value);
    if (piece.value.empty()) return bad(piece.term, "a value is missing");
    if (piece.key == "label") return labelTerm(piece);
    if (piece.key == "seen") return seenTerm(piece);
    if (piece.key == "batch") return batchTerm(piece);
    if (piece.key == "state") return stateTerm(piece, agent);
    if (piece.key == "version") return versionTerm(piece, agent);
    if (piece.key == "agent") {
        IFRIT_ASSIGN_OR_RETURN(Match match, matchOf(piece.term, piece.value));
        return [match](const MachineView& machine, base::WallTime) {
            const auto& agents = storedOf(machine).agents;
            return std::any_of(agents.begin(), agents.end(),
                               [&match](const auto& report) { return match(report.agent); });
        };
    }
    static const std::vector<std::pair<std::string, std::string domain::MachineFacts::*>> kTexts = {
        {"uuid", &domain::MachineFacts::uuid},
        {"type", &domain::MachineFacts::machineType},
        {"pin", &domain::MachineFacts::pin},
        {"host", &domain::MachineFacts::hostname},
        {"address", &domain::MachineFacts::address},
        {"ifrit", &domain::MachineFacts::ifritVersion}};
    for (const auto& [key, member] : kTexts) {
        if (key != piece.key) continue;
        return textTerm(
            piece, [m = member](const MachineView& machine) { return storedOf(machine).facts.*m; });
    }
    return bad(piece.term,
               "unknown key; there are uuid, type, pin, host, address, ifrit, label, agent, "
               "version, state, batch and seen");
}

}  // namespace

int compareVersions(const std::string& a, const std::string& b) {
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() || j < b.size()) {
        while ((i < a.size() && !isDigit(a[i])) || (j < b.size() && !isDigit(b[j]))) {
            const int left = rank(a, i);
            const int right = rank(b, j);
            if (left != right) return left < right ? -1 : 1;
            ++i;
            ++j;
        }
        while (i < a.size() && a[i] == '0')
            ++i;
        while (j < b.size() && b[j] == '0')
            ++j;
        int first = 0;
        while (i < a.size() && j < b.size() && isDigit(a[i]) && isDigit(b[j])) {
            if (first == 0) first = a[i] - b[j];
            ++i;
            ++j;
        }
        if (i < a.size() && isDigit(a[i])) return 1;
        if (j < b.size() && isDigit(b[j])) return -1;
        if (first != 0) return first < 0 ? -1 : 1;
    }
    return 0;
}

absl::StatusOr<MachineFilter> MachineFilter::parse(const std::string& text) {
    if (text.size() > kMaxFilterBytes)
        return bad(text.substr(0, 32) + "...", "the filter is longer than 4096 bytes");
    std::istringstream words(text);
    std::vector<std::string> terms;
    std::string agent;
    for (std::string term; words >> term;) {
        const bool isAgent = term.rfind("agent:", 0) == 0 && term.find('/') == std::string::npos;
        if (isAgent) agent = term.substr(6);
        terms.push_back(term);
    }
    MachineFilter out;
    for (const std::string& term : terms) {
        const bool negated = term.size() > 1 && term.front() == '-';
        IFRIT_ASSIGN_OR_RETURN(Term match, termOf(split(negated ? term.substr(1) : term), agent));
        if (negated) {
            out.m_terms.push_back([match](const MachineView& machine, base::WallTime now) {
                return !match(machine, now);
            });
        } else {
            out.m_terms.push_back(std::move(match));
        }
    }
    return out;
}

bool MachineFilter::matches(const MachineView& machine, base::WallTime now) const {
    return std::all_of(m_terms.begin(), m_terms.end(),
                       [&](const Term& term) { return term(machine, now); });
}

}  // namespace ifrit::master::services
