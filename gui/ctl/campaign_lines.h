// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gui/ctl/shell.h"
#include "gui/services/campaign_board.h"
#include "gui/services/session.h"
#include "shared/base/status.h"

namespace ifrit::gui::ctl {

/// The context by which a cluster is asked that is named alone: the one in use where it is of it,
/// else its only one. NOT_FOUND (NO_CONTEXT) where it has none; INVALID_ARGUMENT names those that
/// fit equally.
absl::StatusOr<std::string> contextOf(const Shell& shell, const std::string& cluster);

/// Sessions with several clusters at once, one for each context. They are asked side by side, so
/// that a slow or dead one does not hold up the others.
class CampaignLines {
public:
    struct Line {
        std::string context;
        std::string cluster;  ///< by its bundle
        std::string caPem;
        std::unique_ptr<services::Session> session;
    };

    /// Whom a command asks: contexts by name, or clusters, each by contextOf(). Neither: the
    /// cluster of every context.
    struct Asked {
        std::vector<std::string> contexts;
        std::vector<std::string> clusters;
    };
    /// The options that say it.
    static void addOptions(CLI::App& verb, Asked& asked);
    /// A cluster without a context is told of and not asked, as one that cannot be reached is not.
    /// NOT_FOUND (NO_CONTEXT) where none of them has one.
    static absl::StatusOr<CampaignLines> open(Shell& shell, const Asked& asked);

    /// `contexts` empty: the cluster of every one, each by contextOf(). NOT_FOUND (NO_CONTEXT) for
    /// an unknown one; INVALID_ARGUMENT where two of them are of one cluster.
    static absl::StatusOr<CampaignLines> open(Shell& shell, std::vector<std::string> contexts);

    const std::vector<Line>& lines() const { return m_lines; }
    /// "two", or "two (context mine)" where it is asked by a context of another name.
    std::string named(const std::string& cluster) const;
    /// Null: there is no context of it.
    services::Session* session(const std::string& cluster) const;

    template <typename T>
    using Answers = std::map<std::string, absl::StatusOr<T>>;
    template <typename T>
    using Question = std::function<services::CallHandle(const Line&, services::Reply<T>)>;

    /// By cluster. Each call has the deadline of its own.
    template <typename T>
    absl::StatusOr<Answers<T>> ask(const Question<T>& question) const {
        Answers<T> answers;
        std::vector<services::CallHandle> calls;
        for (const Line& line : m_lines) {
            calls.push_back(question(line, [&answers, &line](absl::StatusOr<T> answer) {
                answers.emplace(line.cluster, std::move(answer));
            }));
        }
        IFRIT_RETURN_IF_ERROR(m_shell->runUntil([&] { return answers.size() == m_lines.size(); }));
        return answers;
    }

    /// All campaigns that any of them holds, newest first.
    absl::StatusOr<std::vector<services::CampaignBoard>> boards() const;
    /// `name`: the campaign's id, its beginning, or its name. NOT_FOUND, or INVALID_ARGUMENT where
    /// several fit.
    absl::StatusOr<services::CampaignBoard> board(const std::string& name) const;
    /// The same campaign again.
    absl::StatusOr<services::CampaignBoard> again(const services::CampaignBoard& board) const;

private:
    explicit CampaignLines(Shell& shell) : m_shell(&shell) {}

    Shell* m_shell;
    std::vector<Line> m_lines;
};

}  // namespace ifrit::gui::ctl
