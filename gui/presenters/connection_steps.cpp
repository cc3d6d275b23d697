// SPDX-License-Identifier: GPL-3.0-or-later
// "Test connection": its steps as the operator reads them.
#include <QRegularExpression>

#include <utility>

#include "gui/models/own_words.h"
#include "gui/presenters/connections_presenter.h"
#include "shared/crypto/certificates.h"

namespace ifrit::gui::presenters {

using models::StatusKind;
using models::toText;
using services::TestStep;

namespace {

/// A certificate's end as all times of the window are told.
QString withTime(const services::TestStepResult& result, const models::TimeText& times) {
    static const QRegularExpression day(QStringLiteral("\\d{4}-\\d\\d-\\d\\d$"));
    QString detail = toText(result.detail);
    const auto certificate = crypto::describeCertificate(result.certificatePem);
    if (certificate.ok()) detail.replace(day, times.at(certificate->notAfter));
    return detail;
}

}  // namespace

ConnectionsPresenter::Step ConnectionsPresenter::stepOf(
    const services::TestStepResult& result) const {
    Step step;
    step.detail = models::OwnWords::ofDetail(withTime(result, m_hub.times()));
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

ConnectionsPresenter::Test* ConnectionsPresenter::testOf(int index) const {
    if (index < 0 || static_cast<std::size_t>(index) >= m_masters.size()) return nullptr;
    const auto found = m_tests.find(m_masters[static_cast<std::size_t>(index)].bundlePath);
    return found == m_tests.end() ? nullptr : found->second.get();
}

std::vector<ConnectionsPresenter::Step> ConnectionsPresenter::steps(int index) const {
    const Test* test = testOf(index);
    if (test == nullptr) return {};
    const std::pair<TestStep, QString> names[] = {{TestStep::Dns, tr("DNS")},
                                                  {TestStep::Tcp, tr("TCP")},
                                                  {TestStep::Tls, tr("TLS chain")},
                                                  {TestStep::Health, tr("Health")},
                                                  {TestStep::Login, tr("Login")},
                                                  {TestStep::Features, tr("Features")},
                                                  {TestStep::Permissions, tr("Permissions")},
                                                  {TestStep::Database, tr("Database")}};
    std::vector<Step> out;
    for (const services::TestStepResult& master : test->lines) {
        out.push_back(stepOf(master));
        out.back().name = tr("Master %1").arg(toText(master.address));
    }
    // The one behind the last result is what is being tried.
    bool next = test->runs;
    for (const auto& [which, name] : names) {
        const auto result = test->results.find(which);
        if (result != test->results.end()) {
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

QString ConnectionsPresenter::testLine(int index) const {
    if (index < 0 || static_cast<std::size_t>(index) >= m_masters.size()) return {};
    const QString& name = m_masters[static_cast<std::size_t>(index)].cluster;
    const Test* test = testOf(index);
    if (test == nullptr) return tr("%1 has not been tested yet.").arg(name);
    if (test->runs) return tr("%1 is being tested.").arg(name);
    return tr("%1, tested %2").arg(name, m_hub.times().at(test->at));
}

QString ConnectionsPresenter::testVerdict(int index) const {
    const Test* test = testOf(index);
    return test == nullptr ? QString() : test->verdict.text();
}

void ConnectionsPresenter::test(int index) {
    const auto profile = profileOf(index);
    if (!profile) return;
    auto& test = m_tests[models::toText(profile->bundlePath)];
    test = std::make_unique<Test>();
    Test* const it = test.get();  // a test outlives its handles
    it->secret = signedIn(
        *profile, [this, it](const services::ConnectionProfile& whole) { runTest(*it, whole); });
    Q_EMIT testChanged();
}

void ConnectionsPresenter::runTest(Test& test, const services::ConnectionProfile& profile) {
    // A session of its own: the test must not disturb the connection that is looked at.
    test.session = m_factory.open(profile);
    Test* const it = &test;
    test.call = test.session->connection().test(
        [this, it,
         path = models::toText(profile.bundlePath)](const services::TestStepResult& result) {
            if (result.step == TestStep::Master)
                it->lines.push_back(result);
            else
                it->results[result.step] = result;
            if (!result.certificatePem.empty())
                Q_EMIT certificateShown(path, result.certificatePem);
            Q_EMIT testChanged();
        },
        [this, it](const absl::Status& status) {
            it->runs = false;
            it->at = m_hub.times().now();
            it->verdict = KeptText(
                [status] { return status.ok() ? tr("Everything works.") : sentenceOf(status); });
            Q_EMIT testChanged();
        });
}

}  // namespace ifrit::gui::presenters
