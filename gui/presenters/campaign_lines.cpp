// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/campaign_lines.h"

#include <algorithm>
#include <utility>

#include "shared/base/status.h"

namespace ifrit::gui::presenters {

CampaignLines::CampaignLines(ConnectionHub& hub, ConnectionsPresenter& connections,
                             services::SessionFactory& factory, QObject* parent)
    : QObject(parent), m_hub(hub), m_connections(connections), m_factory(factory) {
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
    for (const KnownMaster& master : m_connections.masters()) {
        if (master.isPassing) continue;
        const auto profile = m_connections.profileOf(master);
        Line line;
        line.cluster = profile.ok() ? profile->bundle.cluster : master.cluster.toStdString();
        if (line.cluster.empty() || lineOf(line.cluster) != nullptr) continue;
        line.readOnly = master.readOnly;
        line.problem = profile.status();
        m_lines.push_back(profile.ok() ? lineTo(master, *profile) : std::move(line));
    }
    for (auto own = m_own.begin(); own != m_own.end();) {
        const bool isListed = lineOf(own->first) != nullptr;
        if (!isListed) replace(own->second);
        own = isListed ? std::next(own) : m_own.erase(own);
    }
}

void CampaignLines::replace(Own& own) {
    if (own.session) m_replaced.push_back(std::move(own.session));
}

CampaignLines::Line CampaignLines::lineTo(const KnownMaster& master,
                                          const services::ConnectionProfile& profile) {
    const bundle::Bundle& bundle = profile.bundle;
    const auto known = m_own.find(bundle.cluster);
    if (known == m_own.end()) {
        openOwn(profile);
    } else if (known->second.bundle != bundle || known->second.readOnly != master.readOnly) {
        replace(known->second);
        m_own.erase(known);
        openOwn(profile);
        Q_EMIT reopened();
    }
    Line line{bundle.cluster,
              bundle.kind,
              bundle.caPem,
              master.readOnly,
              m_own[bundle.cluster].session.get(),
              absl::OkStatus()};
    if (line.session == nullptr)
        line.problem =
            base::makeError(absl::StatusCode::kUnauthenticated, "NOT_SIGNED_IN", line.cluster,
                            "this cluster wants a password: connect to it and sign in");
    return line;
}

void CampaignLines::openOwn(const services::ConnectionProfile& profile) {
    Own& own = m_own[profile.bundle.cluster];
    own.bundle = profile.bundle;
    own.readOnly = profile.readOnly;
    own.asksForToken = profile.bundle.certificatePem.empty();
    own.token = m_connections.signedIn(
        profile, [this](const services::ConnectionProfile& whole) { openedWith(whole); });
}

void CampaignLines::openedWith(const services::ConnectionProfile& whole) {
    Own& own = m_own[whole.bundle.cluster];
    const bool isLate = std::exchange(own.asksForToken, false);
    // Nobody has signed in: there is nothing to speak by.
    if (isLate && whole.bearerToken.empty()) return;
    own.session = m_factory.open(whole);
    if (!isLate) return;
    // A round that went by without it is asked again; before the first one nobody asks.
    if (m_asking || !m_answers.empty())
        ask();
    else
        open();
}

void CampaignLines::close() {
    m_questions.clear();
    m_asking = false;
    m_answers.clear();
    m_lines.clear();
    m_own.clear();
    m_replaced.clear();
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
