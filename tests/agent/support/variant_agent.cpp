// SPDX-License-Identifier: Apache-2.0
// ifrit-agent of another version, and, told so, a bad one. It is the same program, compiled from
// the same main(), but for two files that may lie beside it: `version` holds what it calls itself,
// and `behaviour` what is wrong with it when it runs:
//
//     crash              it dies at once
//     crash-after MS     it dies after a while
//     hang               it stands still
//     spin               it works, and burns a processor
//     no-master          it looks for its masters in the wrong place, and has forgotten where the
//                        one before it found them
//     cannot-read        it does not understand the journal
//
// What is asked of a new version before it takes over (--version, --check-config) it answers well:
// what that finds is found before anything is risked.
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#include "agent/app/commands.h"
#include "agent/journal/journal_codec.h"

/// main() of agent/app/main.cpp, which is compiled under this name.
int ifritAgentMain(int argc, char** argv);

namespace ifrit::agent {
namespace {

std::string textBeside(const char* name) {
    const auto self = std::filesystem::read_symlink("/proc/self/exe");
    std::string line;
    std::getline(std::ifstream(self.parent_path() / name), line);
    return line;
}

/// The same configuration with nobody at the masters' address: port 1 of this machine.
std::string configWithoutMasters(const std::string& path) {
    std::ifstream file(path);
    std::ostringstream changed;
    for (std::string line; std::getline(file, line);) {
        if (line.rfind("root = \"", 0) == 0) {
            const std::string root = line.substr(8, line.rfind('"') - 8);
            std::filesystem::remove(root + "/state/link.toml");
        }
        changed << (line.rfind("masters", 0) == 0 ? "masters = [\"127.0.0.1:1\"]" : line) << '\n';
    }
    const std::string text = changed.str();
    const int memory = ::memfd_create("agent.toml", 0);
    if (::write(memory, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        std::abort();
    return "/proc/self/fd/" + std::to_string(memory);
}

void misbehave(const std::string& behaviour, std::vector<std::string>& words) {
    if (behaviour == "crash") std::abort();
    while (behaviour == "hang")
        ::pause();
    if (behaviour == "spin") {
        std::thread([] {
            for (;;)
                [[maybe_unused]] const volatile int burn = 0;
        }).detach();
    }
    if (behaviour.rfind("crash-after ", 0) == 0) {
        const int milliseconds = std::stoi(behaviour.substr(behaviour.find(' ')));
        std::thread([milliseconds] {
            ::poll(nullptr, 0, milliseconds);
            std::abort();
        }).detach();
    }
    for (std::size_t i = 0; behaviour == "no-master" && i + 1 < words.size(); ++i)
        if (words[i] == "--config") words[i + 1] = configWithoutMasters(words[i + 1]);
}

}  // namespace

const char* app::programVersion() {
    static const std::string kVersion = textBeside("version");
    return kVersion.c_str();
}

}  // namespace ifrit::agent

// The linker gives every call of journal::decode() to the second of these (--wrap).
namespace ifrit::agent::journal {
absl::StatusOr<Decoded> decodeOfProduct(std::string_view file) asm(
    "__real__ZN5ifrit5agent7journal6decodeESt17basic_string_viewIcSt11char_traitsIcEE");
absl::StatusOr<Decoded> decodeOfVariant(std::string_view file) asm(
    "__wrap__ZN5ifrit5agent7journal6decodeESt17basic_string_viewIcSt11char_traitsIcEE");

absl::StatusOr<Decoded> decodeOfVariant(std::string_view file) {
    if (textBeside("behaviour") != "cannot-read") return decodeOfProduct(file);
    return base::makeError(absl::StatusCode::kDataLoss, "JOURNAL_DAMAGED", "journal",
                           "this version reads another format");
}
}  // namespace ifrit::agent::journal

int main(int argc, char** argv) {
    std::vector<std::string> words(argv, argv + argc);
    bool runs = false;
    for (const std::string& word : words)
        runs = runs || word == "run";
    if (runs) ifrit::agent::misbehave(ifrit::agent::textBeside("behaviour"), words);
    std::vector<char*> pointers;
    for (std::string& word : words)
        pointers.push_back(word.data());
    pointers.push_back(nullptr);
    return ifritAgentMain(argc, pointers.data());
}
