// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/completion.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "gui/ctl/printer.h"

namespace ifrit::gui::ctl {
namespace {

/// Command path ("release start") to the words that may follow.
using Words = std::map<std::string, std::vector<std::string>>;

/// What may stand behind an option, or for an argument.
struct Value {
    enum class Kind { Free, Words, Files, Folders, Contexts };
    Kind kind = Kind::Free;
    std::string words;
};
/// By option with its command ("audit list --result"; of every command " --reason"), and by place
/// of an argument ("user role 1").
using Values = std::map<std::string, Value>;

struct Completions {
    Words words;
    Values options;
    Values arguments;
};

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

/// "table wide json..." of "table|wide|json...".
std::string formatWords() {
    std::string out(kFormatNames);
    std::replace(out.begin(), out.end(), '|', ' ');
    return out;
}

/// A type is called "RESULT:{allowed,denied,failed}" where there are only some.
Value valueOf(const CLI::Option& option) {
    if (option.check_lname("output")) return {Value::Kind::Words, formatWords()};
    if (option.check_lname("context") || option.check_lname("contexts"))
        return {Value::Kind::Contexts, {}};
    const std::string type = option.get_type_name();
    const std::size_t from = type.find('{');
    const std::size_t to = type.rfind('}');
    if (from != std::string::npos && to != std::string::npos && from < to) {
        std::string words = type.substr(from + 1, to - from - 1);
        std::replace(words.begin(), words.end(), ',', ' ');
        return {Value::Kind::Words, words};
    }
    const std::string name = option.nonpositional() ? type : option.get_name(true);
    if (name == "FOLDER") return {Value::Kind::Folders, {}};
    for (const char* file : {"FILE", "PATH", "BUNDLE"}) {
        if (name == file) return {Value::Kind::Files, {}};
    }
    return {};
}

void collectValues(const CLI::App& app, const std::string& path, Completions& out) {
    int place = 0;
    for (const CLI::Option* option : app.get_options()) {
        if (option->get_type_size() == 0 || option->get_items_expected_max() == 0) continue;
        const Value value = valueOf(*option);
        for (const std::string& name : option->get_lnames())
            out.options[path + " --" + name] = value;
        for (const std::string& name : option->get_snames())
            out.options[path + " -" + name] = value;
        if (!option->nonpositional()) out.arguments[fmt::format("{} {}", path, place++)] = value;
    }
}

void collect(const CLI::App& app, const std::string& path,
             const std::vector<std::string>& everywhere, Completions& out) {
    collectValues(app, path, out);
    std::vector<std::string>& here = out.words[path];
    const std::vector<std::string> own = optionsOf(app);
    here.insert(here.end(), own.begin(), own.end());
    if (!path.empty()) here.insert(here.end(), everywhere.begin(), everywhere.end());
    for (const CLI::App* child : app.get_subcommands([](const CLI::App*) { return true; })) {
        here.push_back(child->get_name());
        collect(*child, path.empty() ? child->get_name() : path + " " + child->get_name(),
                everywhere, out);
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

// Names of this machine alone: completing must never wait for a network.
constexpr std::string_view kContexts = "ifritctl context list -o name 2>/dev/null";

/// What answers with `value` in bash.
std::string bashAnswer(const Value& value) {
    switch (value.kind) {
        case Value::Kind::Words:
            return fmt::format("COMPREPLY=($(compgen -W \"{}\" -- \"$cur\")); return", value.words);
        case Value::Kind::Contexts:
            return fmt::format("COMPREPLY=($(compgen -W \"$({})\" -- \"$cur\")); return",
                               kContexts);
        case Value::Kind::Files:
            return "_ifritctl_files -f; return";
        case Value::Kind::Folders:
            return "_ifritctl_files -d; return";
        case Value::Kind::Free:
            break;
    }
    return "return";
}

std::string bashScript(const Completions& all) {
    std::string paths = "|";
    std::string cases;
    for (const auto& [path, next] : all.words) {
        paths += path + "|";
        cases += fmt::format("        \"{}\") words=\"{}\" ;;\n", path, fmt::join(next, " "));
    }
    std::string options;
    std::string valued = "|";
    for (const auto& [option, value] : all.options) {
        const std::string name = option.substr(option.rfind(' ') + 1) + "|";
        if (valued.find("|" + name) == std::string::npos) valued += name;
        const char* const anywhere = option.front() == ' ' ? "*" : "";
        options += fmt::format("        {}'{}') {} ;;\n", anywhere, option, bashAnswer(value));
    }
    std::string arguments;
    for (const auto& [place, value] : all.arguments) {
        if (value.kind == Value::Kind::Free) continue;
        arguments += fmt::format("        '{}') {} ;;\n", place, bashAnswer(value));
    }
    return fmt::format(R"bash(# bash completion for ifritctl
# A line is a name, whatever is in it; a blank that was typed comes with its backslash or quote.
_ifritctl_files() {{
    local line typed="${{cur//\\/}}"
    typed="${{typed#[\"\']}}"
    compopt -o filenames 2>/dev/null
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen "$1" -- "$typed")
}}
_ifritctl() {{
    local cur="${{COMP_WORDS[COMP_CWORD]}}" prev="${{COMP_WORDS[COMP_CWORD-1]}}"
    local path="" words="" word i place=0
    COMPREPLY=()
    # "--output=json" is three words.
    [ "$prev" = "=" ] && prev="${{COMP_WORDS[COMP_CWORD-2]}}"
    [ "$cur" = "=" ] && cur=""
    for ((i = 1; i < COMP_CWORD; i++)); do
        word="${{COMP_WORDS[i]}}"
        case "$word" in -*|=) continue ;; esac
        # What an option is given is no command.
        case "|={5}" in *"|${{COMP_WORDS[i-1]}}|"*) continue ;; esac
        case "{0}" in
        *"|${{path:+$path }}$word|"*) path="${{path:+$path }}$word"; place=0 ;;
        *) place=$((place + 1)) ;;
        esac
    done
    case "$path $prev" in
{1}    esac
    if [[ "$cur" != -* ]]; then
        case "$path $place" in
{2}        'context use 0'|'context show 0'|'context remove 0') {3} ;;
        esac
    fi
    case "$path" in
{4}    esac
    # Options once a dash is typed, and where there is nothing else.
    if [[ "$cur" != -* ]]; then
        local plain=""
        for word in $words; do [[ "$word" == -* ]] || plain="$plain $word"; done
        words="${{plain:-$words}}"
    fi
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
    return 0
}}
complete -F _ifritctl ifritctl
)bash",
                       paths, options, arguments, bashAnswer({Value::Kind::Contexts, {}}), cases,
                       valued);
}

/// The condition under which fish offers what belongs to a command.
std::string fishCondition(const std::string& path) {
    if (path.empty()) return "__fish_use_subcommand";
    const std::size_t space = path.find(' ');
    if (space == std::string::npos) return "__fish_seen_subcommand_from " + path;
    return fmt::format("__fish_seen_subcommand_from {}; and __fish_seen_subcommand_from {}",
                       path.substr(0, space), path.substr(space + 1));
}

/// What stands behind an option, as fish is told of it.
std::string fishValue(const Value& value) {
    switch (value.kind) {
        case Value::Kind::Words:
            return fmt::format(" -x -a '{}'", value.words);
        case Value::Kind::Contexts:
            return fmt::format(" -x -a '({})'", kContexts);
        case Value::Kind::Files:
            return " -r -F";
        case Value::Kind::Folders:
            return " -x -a '(__fish_complete_directories)'";
        case Value::Kind::Free:
            break;
    }
    return " -x";
}

std::string fishScript(const Completions& all) {
    std::string out = "# fish completion for ifritctl\n";
    out += fmt::format(
        "complete -c ifritctl -n '__fish_seen_subcommand_from use show remove; and "
        "__fish_seen_subcommand_from context' -f -a '({})'\n",
        kContexts);
    // Behind a verb a file may be wanted; before it only words are.
    out += "complete -c ifritctl -n __fish_use_subcommand -f\n";
    for (const auto& [path, next] : all.words) {
        for (const std::string& word : next) {
            const bool isLong = word.rfind("--", 0) == 0;
            const bool isShort = !isLong && word.front() == '-';
            const char* kind = isLong ? "-l" : isShort ? "-s" : "-a";
            auto value = all.options.find(path + " " + word);
            if (value == all.options.end()) value = all.options.find(" " + word);
            out += fmt::format("complete -c ifritctl -n '{}' {} {}{}\n", fishCondition(path), kind,
                               isLong    ? word.substr(2)
                               : isShort ? word.substr(1)
                                         : word,
                               value == all.options.end() ? "" : fishValue(value->second));
        }
    }
    return out;
}

}  // namespace

std::string completionScript(const CLI::App& app, const std::string& shell) {
    Completions all;
    collect(app, "", optionsOf(app), all);
    collectArguments(app, all.words);
    for (auto& [path, next] : all.words) {
        std::sort(next.begin(), next.end());
        next.erase(std::unique(next.begin(), next.end()), next.end());
    }
    if (shell == "fish") return fishScript(all);
    if (shell == "zsh") return "autoload -U +X bashcompinit && bashcompinit\n" + bashScript(all);
    return bashScript(all);
}

}  // namespace ifrit::gui::ctl
