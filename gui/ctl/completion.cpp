// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/completion.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include "gui/ctl/printer.h"

namespace ifrit::gui::ctl {
namespace {

/// Command path ("release start") to the words that may follow.
using Words = std::map<std::string, std::vector<std::string>>;

std::vector<std::string> optionsOf(const CLI::App& app) {
    std::vector<std::string> out;
    for (const CLI::Option* option : app.get_options()) {
        for (const std::string& name : option->get_lnames())
            out.push_back("--" + name);
        for (const std::string& name : option->get_snames())
            out.push_back("-" + name);
    }
    return out;
}

void collect(const CLI::App& app, const std::string& path,
             const std::vector<std::string>& everywhere, Words& words) {
    std::vector<std::string>& here = words[path];
    const std::vector<std::string> own = optionsOf(app);
    here.insert(here.end(), own.begin(), own.end());
    if (!path.empty()) here.insert(here.end(), everywhere.begin(), everywhere.end());
    for (const CLI::App* child : app.get_subcommands([](const CLI::App*) { return true; })) {
        here.push_back(child->get_name());
        collect(*child, path.empty() ? child->get_name() : path + " " + child->get_name(),
                everywhere, words);
    }
}

std::vector<std::string> commandsOf(const CLI::App& app) {
    std::vector<std::string> out;
    for (const CLI::App* child : app.get_subcommands([](const CLI::App*) { return true; }))
        out.push_back(child->get_name());
    return out;
}

/// "help" takes the other commands' names, "completion" a shell's.
void collectArguments(const CLI::App& app, Words& words) {
    words["help"] = commandsOf(app);
    for (const char* shell : {"bash", "zsh", "fish"})
        words["completion"].emplace_back(shell);
    for (const CLI::App* noun : app.get_subcommands([](const CLI::App*) { return true; })) {
        std::vector<std::string> verbs = commandsOf(*noun);
        if (!verbs.empty()) words["help " + noun->get_name()] = std::move(verbs);
    }
}

/// "table wide json..." of "table|wide|json...".
std::string formatWords() {
    std::string out(kFormatNames);
    std::replace(out.begin(), out.end(), '|', ' ');
    return out;
}

// Names of this machine alone: completing must never wait for a network.
constexpr std::string_view kContexts = "ifritctl context list -o name 2>/dev/null";

std::string bashScript(const Words& words) {
    std::string cases;
    for (const auto& [path, next] : words) {
        cases += fmt::format("        \"{}\") words=\"{}\" ;;\n", path, fmt::join(next, " "));
    }
    return fmt::format(R"bash(# bash completion for ifritctl
_ifritctl() {{
    local cur="${{COMP_WORDS[COMP_CWORD]}}" path="" words="" word i
    case "${{COMP_WORDS[COMP_CWORD-1]}}" in
    -o|--output) COMPREPLY=($(compgen -W "{2}" -- "$cur")); return ;;
    --context) COMPREPLY=($(compgen -W "$({3})" -- "$cur")); return ;;
    --bundle|-f|--file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    esac
    for ((i = 1; i < COMP_CWORD; i++)); do
        word="${{COMP_WORDS[i]}}"
        case "$word" in
        [a-z]*) case "{0}" in *"|${{path:+$path }}$word|"*) path="${{path:+$path }}$word" ;; esac ;;
        esac
    done
    case "$path" in
{1}    esac
    case "$path" in
        "context use"|"context show"|"context remove") words="$words $({3})" ;;
    esac
    # Options once a dash is typed, and where there is nothing else.
    if [[ "$cur" != -* ]]; then
        local plain=""
        for word in $words; do [[ "$word" == -* ]] || plain="$plain $word"; done
        words="${{plain:-$words}}"
    fi
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
    # Where no word fits, a file may be wanted.
    [ ${{#COMPREPLY[@]}} -gt 0 ] || COMPREPLY=($(compgen -f -- "$cur"))
}}
complete -F _ifritctl ifritctl
)bash",
                       [&words] {
                           std::string paths = "|";
                           for (const auto& [path, next] : words)
                               paths += path + "|";
                           return paths;
                       }(),
                       cases, formatWords(), kContexts);
}

std::string fishScript(const Words& words) {
    std::string out = "# fish completion for ifritctl\n";
    out += fmt::format("complete -c ifritctl -x -s o -l output -a '{}'\n", formatWords());
    out += fmt::format("complete -c ifritctl -x -l context -a '({})'\n", kContexts);
    out += fmt::format(
        "complete -c ifritctl -n '__fish_seen_subcommand_from use show remove; and "
        "__fish_seen_subcommand_from context' -f -a '({})'\n",
        kContexts);
    // Behind a verb a file may be wanted; before it only words are.
    out += "complete -c ifritctl -n __fish_use_subcommand -f\n";
    for (const auto& [path, next] : words) {
        std::string condition = "__fish_use_subcommand";
        if (const std::size_t space = path.find(' '); space != std::string::npos) {
            condition =
                fmt::format("__fish_seen_subcommand_from {}; and __fish_seen_subcommand_from {}",
                            path.substr(0, space), path.substr(space + 1));
        } else if (!path.empty()) {
            condition = "__fish_seen_subcommand_from " + path;
        }
        for (const std::string& word : next) {
            const bool isLong = word.rfind("--", 0) == 0;
            const bool isShort = !isLong && word.front() == '-';
            const char* kind = isLong ? "-l" : isShort ? "-s" : "-a";
            out += fmt::format("complete -c ifritctl -n '{}' {} {}\n", condition, kind,
                               isLong    ? word.substr(2)
                               : isShort ? word.substr(1)
                                         : word);
        }
    }
    return out;
}

}  // namespace

std::string completionScript(const CLI::App& app, const std::string& shell) {
    Words words;
    collect(app, "", optionsOf(app), words);
    collectArguments(app, words);
    for (auto& [path, next] : words) {
        std::sort(next.begin(), next.end());
        next.erase(std::unique(next.begin(), next.end()), next.end());
    }
    if (shell == "fish") return fishScript(words);
    if (shell == "zsh") return "autoload -U +X bashcompinit && bashcompinit\n" + bashScript(words);
    return bashScript(words);
}

}  // namespace ifrit::gui::ctl
