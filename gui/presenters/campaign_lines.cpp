// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/campaign_lines.h"

#include <algorithm>
#include <utility>

#include "shared/base/status.h"

namespace ifrit::gui::presenters {

CampaignLines::CampaignLines(ConnectionHub& hub, ConnectionStore& store,
                             services::SessionFactory& factory, QObject* parent)
    : QObject(parent), m_hub(hub), m_store(store), m_factory(factory) {
    connect(&hub, &ConnectionHub::sessionClosing, this, &CampaignLines::close);
}

void CampaignLines::addHubLine() {
    const services::ConnectionProfile& profile = m_hub.profile();
    m_lines.push_back({profile.bundle.cluster, profile.bundle.kind, profile.bundle.caPem,
                       profile.readOnly, m_hub.session(), absl::OkStatus()});
}

void CampaignLines::open() {
    if (!m_hub.hasSession()) return;
    m_lines.clear();
    addHubLine();
    for (const KnownMaster& master : m_store.load()) {
        auto bundle = bundle::readBundleFile(master.bundlePath.toStdString());
        Line line;
        line.cluster = bundle.ok() ? bundle->cluster : master.cluster.toStdString();
        if (line.cluster.empty() || lineOf(line.cluster) != nullptr) continue;
        line.readOnly = master.readOnly;
        if (!bundle.ok()) {
            line.problem = bundle.status();
        } else if (bundle->certificatePem.empty()) {
            line.problem =
                base::makeError(absl::StatusCode::kUnauthenticated, "NOT_SIGNED_IN", line.cluster,
                                "this cluster wants a password: connect to it and "
                                "carry from there");
        } else {
            line.kind = bundle->kind;
            line.caPem = bundle->caPem;
            auto& session = m_sessions[line.cluster];
            if (!session) {
                services::ConnectionProfile profile;
                profile.bundle = *std::move(bundle);
                profile.readOnly = master.readOnly;
                session = m_factory.open(profile);
            }
            line.session = session.get();
        }
        m_lines.push_back(std::move(line));
    }
}

void CampaignLines::close() {
    m_questions.clear();
    m_asking = false;
    m_answers.clear();
    m_lines.clear();
    m_sessions.clear();
    Q_EMIT closed();
}

const CampaignLines::Line* CampaignLines::lineOf(const std::string& cluster) const {
    const auto found = std::find_if(m_lines.begin(), m_lines.end(), [&cluster](const Line& line) {
        return line.cluster == cluster;
    });
    return found == m_lines.end() ? nullptr : &*found;
}

void CampaignLines::ask() {
    open();
    m_questions.clear();
    m_asking = !m_lines.empty();
    for (const Line& line : m_lines) {
        Question& question = m_questions[line.cluster];
        question.done = line.session == nullptr;
        question.error = line.problem;
    }
    for (const Line& line : m_lines) {
        if (line.session != nullptr) askPage(line.cluster, *line.session);
    }
}

void CampaignLines::askPage(const std::string& cluster, services::Session& session) {
    Question& question = m_questions[cluster];
    question.call = session.campaigns().list(
        {question.token, 0},
        [this, cluster](absl::StatusOr<services::Page<services::CampaignInfo>> page) {
            take(cluster, std::move(page));
        });
}

void CampaignLines::take(const std::string& cluster,
                         absl::StatusOr<services::Page<services::CampaignInfo>> page) {
    Question& question = m_questions[cluster];
    if (page.ok()) {
        std::move(page->items.begin(), page->items.end(), std::back_inserter(question.campaigns));
        question.token = page->nextToken;
        const Line* line = lineOf(cluster);
        if (!question.token.empty() && line != nullptr && line->session != nullptr) {
            askPage(cluster, *line->session);
            return;
        }
    } else {
        question.error = page.status();
    }
    question.done = true;
    finishRound();
}

void CampaignLines::finishRound() {
    const bool over = std::all_of(m_questions.begin(), m_questions.end(),
                                  [](const auto& question) { return question.second.done; });
    if (!over) return;
    m_asking = false;
    m_answers.clear();
    for (auto& [cluster, question] : m_questions) {
        if (question.error.ok())
            m_answers.emplace(cluster, std::move(question.campaigns));
        else
            m_answers.emplace(cluster, question.error);
    }
    Q_EMIT answered();
}

}  // namespace ifrit::gui::presenters
