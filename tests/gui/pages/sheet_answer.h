// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTest>
#include <QTimer>

#include <algorithm>

#include "gui/widgets/danger_sheet.h"
#include "tests/gui/support/fake_session.h"

namespace ifrit::tests {

enum class Answer { Yes, No, Escape };
/// Of the box that some sheets offer.
enum class Tick { Nothing, Offer };

/// Rows "yes", "no" and "escape" of a column `answer`.
inline void addAnswers() {
    QTest::addColumn<int>("answer");
    QTest::newRow("yes") << static_cast<int>(Answer::Yes);
    QTest::newRow("no") << static_cast<int>(Answer::No);
    QTest::newRow("escape") << static_cast<int>(Answer::Escape);
}

/// Goes on from a form that comes before a sheet as it stands, with the first choice where none is
/// made and a word where it wants one.
inline void goOn(const QWidget& form) {
    for (auto* choice : form.findChildren<QComboBox*>())
        if (choice->currentIndex() < 0) choice->setCurrentIndex(0);
    const auto buttons = form.findChildren<QAbstractButton*>();
    const auto forward = std::find_if(buttons.begin(), buttons.end(), [](const auto* button) {
        return button->text() == QStringLiteral("Go on…");
    });
    if (forward == buttons.end()) return;
    for (auto* line : form.findChildren<QLineEdit*>())
        if (!(*forward)->isEnabled() && line->text().isEmpty())
            line->setText(QStringLiteral("nightly"));
    if ((*forward)->isEnabled()) QTest::mouseClick(*forward, Qt::LeftButton);
}

/// Answers the next sheet as a person does: types what is asked for, presses a button. A form that
/// comes before it is gone on from.
class SheetAnswer : public QObject {
public:
    SheetAnswer(Answer answer, qint64 number, Tick tick = Tick::Nothing)
        : m_answer(answer), m_number(number), m_tick(tick) {
        m_poll.setInterval(5);
        connect(&m_poll, &QTimer::timeout, this, &SheetAnswer::look);
        m_poll.start();
    }
    bool asked() const { return m_asked; }
    /// It was asked for, and typed.
    bool askedPassword() const { return m_askedPassword; }

private:
    void look() {
        QWidget* dialog = QApplication::activeModalWidget();
        if (auto* sheet = qobject_cast<gui::widgets::DangerSheet*>(dialog)) return answer(*sheet);
        if (dialog != nullptr) goOn(*dialog);
    }
    void answer(gui::widgets::DangerSheet& sheet) {
        m_asked = true;
        m_poll.stop();
        if (m_answer == Answer::Escape) {
            QTest::keyClick(&sheet, Qt::Key_Escape);
            return;
        }
        if (m_tick == Tick::Offer) sheet.findChild<QCheckBox*>()->click();
        sheet.findChild<QPlainTextEdit*>()->setPlainText(QStringLiteral("OPS-2219"));
        for (auto* line : sheet.findChildren<QLineEdit*>()) {
            const bool isPassword = line->echoMode() == QLineEdit::Password;
            m_askedPassword = m_askedPassword || isPassword;
            line->setText(isPassword ? QStringLiteral("my password") : QString::number(m_number));
        }
        const QList<QPushButton*> buttons = sheet.findChildren<QPushButton*>();
        for (QPushButton* button : buttons) {
            const bool cancels = button->text() == QStringLiteral("Cancel");
            // The one that does it comes last.
            if ((m_answer == Answer::No && cancels) ||
                (m_answer == Answer::Yes && button == buttons.last())) {
                QTest::mouseClick(button, Qt::LeftButton);
                return;
            }
        }
        sheet.reject();
    }

    Answer m_answer;
    qint64 m_number;
    Tick m_tick;
    bool m_asked = false;
    bool m_askedPassword = false;
    QTimer m_poll;
};

/// The visible one with this text; nullptr: there is none.
inline QAbstractButton* button(QWidget* page, const QString& text) {
    for (auto* found : page->findChildren<QAbstractButton*>()) {
        if (found->isVisible() && found->text() == text) return found;
    }
    return nullptr;
}

/// Every call of every service that changes something or asks for a walk.
inline std::size_t callsMade(FakeMaster& fakes) {
    const FakeAccess& access = fakes.access;
    return fakes.releases.actCalls.made() + fakes.releases.createCalls.made() +
           fakes.packages.publishCalls.made() + fakes.packages.removeCalls.made() +
           fakes.fleet.freezeCalls.made() + fakes.fleet.unfreezeCalls.made() +
           fakes.fleet.clearCalls.made() + fakes.fleet.removeCalls.made() +
           fakes.audit.verifyCalls.made() + fakes.connection.loginCalls.made() +
           fakes.connection.testCalls.made() + fakes.campaigns.changes.made() +
           access.createCalls.made() + access.passwordCalls.made() + access.roleCalls.made() +
           access.disableCalls.made() + access.enableCalls.made() + access.removeCalls.made() +
           access.giveCalls.made() + access.takeCalls.made() + access.createTokenCalls.made() +
           access.revokeTokenCalls.made() + access.issueCalls.made() +
           access.revokeCertificateCalls.made() + access.revokeMachineCalls.made();
}

}  // namespace ifrit::tests
