// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/machine_log_presenter.h"

namespace ifrit::gui::presenters {
namespace {

using models::toText;

constexpr char kPermission[] = "machine.log";
constexpr std::uint32_t kMaxBytes = 64 * 1024;

/// Programs write what they like: what a text view would take for something else becomes '?'.
QString shown(const std::string& bytes) {
    QString text = QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size()));
    for (QChar& c : text) {
        const char16_t code = c.unicode();
        if (code < 0x20 && code != u'\n' && code != u'\t') c = QLatin1Char('?');
    }
    return text;
}

}  // namespace

MachineLogPresenter::MachineLogPresenter(ConnectionHub& hub, MachineDetailPresenter& detail,
                                         QObject* parent)
    : QObject(parent), m_hub(hub), m_detail(detail) {
    connect(&detail, &MachineDetailPresenter::changed, this, &MachineLogPresenter::follow);
}

void MachineLogPresenter::follow() {
    QStringList agents;
    if (m_detail.machine()) {
        for (const domain::AgentReport& agent : m_detail.machine()->agents)
            agents << toText(agent.agent);
    }
    const bool isOther = m_uuid != m_detail.uuid();
    m_uuid = m_detail.uuid();
    m_agents = agents;
    if (isOther || !agents.contains(m_agent)) {
        m_agent = agents.isEmpty() ? QString() : agents.first();
        forget();
    }
    Q_EMIT changed();
}

void MachineLogPresenter::forget() {
    m_call.cancel();
    m_isWaiting = false;
    m_note.clear();
    m_text.clear();
}

void MachineLogPresenter::setAgent(const QString& agent) {
    if (agent == m_agent || !m_agents.contains(agent)) return;
    m_agent = agent;
    forget();
    Q_EMIT changed();
}

Action MachineLogPresenter::fetchAction() const {
    if (m_agent.isEmpty()) return {tr("This machine reports no agent.")};
    if (const QString why = m_hub.whyNot(kPermission); !why.isEmpty()) return {why};
    if (m_isWaiting) return {tr("The machine is asked already.")};
    return {};
}

void MachineLogPresenter::fetch() {
    if (!fetchAction().enabled()) return;
    services::LogTailQuestion question;
    question.uuid = m_uuid.toStdString();
    question.agent = m_agent.toStdString();
    question.maxBytes = kMaxBytes;
    m_isWaiting = true;
    m_note = KeptText([] { return tr("Asking the machine…"); });
    m_call = m_hub.session()->fleet().tailLog(
        question, [this](const absl::StatusOr<services::LogTail>& tail) {
            m_isWaiting = false;
            if (tail.ok()) {
                m_text = shown(tail->text);
                m_note = KeptText([this, at = tail->at] {
                    return m_text.isEmpty() ? tr("Its log is empty.")
                                            : tr("As of %1").arg(m_hub.times().at(at));
                });
            } else {
                m_note = KeptText([status = tail.status()] { return sentenceOf(status); });
            }
            Q_EMIT changed();
        });
    Q_EMIT changed();
}

models::CtlCommand MachineLogPresenter::command() const {
    return models::machineLogCommand(m_uuid, m_agent.toStdString());
}

}  // namespace ifrit::gui::presenters
