// SPDX-License-Identifier: GPL-3.0-or-later
// "Test connection": its steps as the operator reads them.
#include <utility>

#include "gui/models/own_words.h"
#include "gui/presenters/connections_presenter.h"

namespace ifrit::gui::presenters {

using models::StatusKind;
using models::toText;
using services::TestStep;

ConnectionsPresenter::Step ConnectionsPresenter::stepOf(const services::TestStepResult& result) {
    Step step;
    step.detail = models::OwnWords::ofDetail(toText(result.detail));
    step.hint = models::OwnWords::of(toText(result.hint));
    if (result.status.ok()) {
        step.look = {StatusKind::Ok, tr("%1 ms").arg(result.took.count())};
    } else if (result.status.code() == absl::StatusCode::kCancelled) {
        step.look = {StatusKind::None, tr("skipped")};
    } else {
        step.look = {StatusKind::Fail, tr("failed")};
        step.detail = sentenceOf(result.status);
    }
    return step;
}

std::vector<ConnectionsPresenter::Step> ConnectionsPresenter::steps() const {
    const std::pair<TestStep, QString> names[] = {{TestStep::Dns, tr("DNS")},
                                                  {TestStep::Tcp, tr("TCP")},
                                                  {TestStep::Tls, tr("TLS chain")},
                                                  {TestStep::Health, tr("Health")},
                                                  {TestStep::Login, tr("Login")},
                                                  {TestStep::Features, tr("Features")},
                                                  {TestStep::Permissions, tr("Permissions")},
                                                  {TestStep::Database, tr("Database")}};
    std::vector<Step> out;
    for (const services::TestStepResult& master : m_lines) {
        out.push_back(stepOf(master));
        out.back().name = tr("Master %1").arg(toText(master.address));
    }
    // The one behind the last result is what is being tried.
    bool next = m_testing;
    for (const auto& [which, name] : names) {
        const auto result = m_results.find(which);
        if (result != m_results.end()) {
            out.push_back(stepOf(result->second));
        } else {
            out.push_back({{},
                           next ? models::StatusLook{StatusKind::Run, tr("running")}
                                : models::StatusLook{StatusKind::None, tr("not run yet")},
                           {},
                           {}});
            next = false;
        }
        out.back().name = name;
    }
    return out;
}

void ConnectionsPresenter::test(int index) {
    const auto profile = profileOf(index);
    if (!profile) return;
    m_test.cancel();
    m_lines.clear();
    m_results.clear();
    m_verdict.clear();
    m_testing = true;
    m_testSecret =
        signedIn(*profile, [this](const services::ConnectionProfile& whole) { runTest(whole); });
    Q_EMIT testChanged();
}

void ConnectionsPresenter::runTest(const services::ConnectionProfile& profile) {
    // A session of its own: the test must not disturb the connection that is looked at.
    m_testSession = m_factory.open(profile);
    m_test = m_testSession->connection().test(
        [this, path = models::toText(profile.bundlePath)](const services::TestStepResult& result) {
            if (result.step == TestStep::Master)
                m_lines.push_back(result);
            else
                m_results[result.step] = result;
            if (!result.certificatePem.empty())
                Q_EMIT certificateShown(path, result.certificatePem);
            Q_EMIT testChanged();
        },
        [this](const absl::Status& status) {
            m_testing = false;
            m_verdict = KeptText(
                [status] { return status.ok() ? tr("Everything works.") : sentenceOf(status); });
            Q_EMIT testChanged();
        });
}

}  // namespace ifrit::gui::presenters
