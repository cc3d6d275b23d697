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
        m_questions.erase(bundle.cluster);
        m_answers.erase(bundle.cluster);
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
    open();
    // Before the first round nobody asks.
    if (m_answers.empty()) return;
    const Line* line = lineOf(whole.bundle.cluster);
    if (line != nullptr && askLine(*line)) Q_EMIT answered();
}

void CampaignLines::close() {
    m_questions.clear();
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
    bool isNews = false;
    const auto isGone = [this](const auto& entry) { return lineOf(entry.first) == nullptr; };
    isNews |= std::erase_if(m_answers, isGone) > 0;
    std::erase_if(m_questions, isGone);
    for (const Line& line : m_lines)
        isNews |= askLine(line);
    if (isNews) Q_EMIT answered();
}

bool CampaignLines::askLine(const Line& line) {
    const auto known = m_answers.find(line.cluster);
    if (line.session == nullptr) {
        m_questions.erase(line.cluster);
        const bool isSame = known != m_answers.end() && known->second.status() == line.problem;
        m_answers.insert_or_assign(line.cluster, line.problem);
        return !isSame;
    }
    Question& question = m_questions[line.cluster];
    if (question.isOpen)
        question.again = true;
    else
        begin(line);
    const bool isAwaited = known != m_answers.end() && services::isAwaited(known->second.status());
    if (isAwaited || question.answered > 0) return false;
    m_answers.insert_or_assign(line.cluster, services::awaited(line.cluster));
    return true;
}

void CampaignLines::begin(const Line& line) {
    Question& question = m_questions[line.cluster];
    question.campaigns.clear();
    question.token.clear();
    question.again = false;
    question.isOpen = true;
    question.number = ++m_numbers;
    askPage(line.cluster, *line.session);
}

bool CampaignLines::asking() const {
    return std::any_of(m_questions.begin(), m_questions.end(),
                       [](const auto& question) { return question.second.isOpen; });
}

bool CampaignLines::awaitsAny() const {
    return std::any_of(m_answers.begin(), m_answers.end(), [](const auto& answer) {
        return services::isAwaited(answer.second.status());
    });
}

std::uint64_t CampaignLines::askedOf(const std::string& cluster) const {
    const auto found = m_questions.find(cluster);
    return found == m_questions.end() ? 0 : found->second.number;
}

std::uint64_t CampaignLines::answeredBy(const std::string& cluster) const {
    const auto found = m_questions.find(cluster);
    return found == m_questions.end() ? 0 : found->second.answered;
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
    }
    finish(cluster, page.status());
}

void CampaignLines::finish(const std::string& cluster, const absl::Status& status) {
    Question& question = m_questions[cluster];
    question.isOpen = false;
    question.answered = question.number;
    if (status.ok())
        m_answers.insert_or_assign(cluster, std::move(question.campaigns));
    else
        m_answers.insert_or_assign(cluster, status);
    const Line* line = lineOf(cluster);
    if (question.again && line != nullptr && line->session != nullptr) begin(*line);
    Q_EMIT answered();
}

}  // namespace ifrit::gui::presenters
