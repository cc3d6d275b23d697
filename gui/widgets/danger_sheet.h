// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QList>
#include <QPair>
#include <QString>

class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QLabel;

namespace ifrit::gui::widgets {

class Theme;

/// How much a change asks of the hand that makes it (CONSOLE: danger classes). 0 and 1 ask nothing
/// and have no sheet.
enum class DangerClass { Local, EasilyReversed, ChangesMachines, Wide, WideInProduction };

/// What the sheet shows; figures are those that the server resolved.
struct DangerFacts {
    DangerClass danger = DangerClass::ChangesMachines;
    QString title;                         ///< "Roll back metrics-agent 1.6.1?"
    QString sentence;                      ///< what will happen
    QList<QPair<QString, QString>> facts;  ///< label, value
    QString verb;                          ///< text of the button that does it
    qint64 machines = 0;                   ///< class 3 and up: must be typed
    QString command;                       ///< the same as an ifritctl command
};

/// The one dialog for everything that changes machines. Cancel is the default button; no key starts
/// a class 3 action.
class DangerSheet : public QDialog {
    Q_OBJECT
public:
    DangerSheet(const Theme& theme, const DangerFacts& facts, QWidget* parent);
    QString reason() const;

private:
    void addFacts(const DangerFacts& facts);
    void addTypedNumber(const DangerFacts& facts);
    void addButtons(const DangerFacts& facts);
    void judge();
    bool isWide() const;

    DangerFacts m_facts;
    QPlainTextEdit* m_reason = nullptr;
    QLineEdit* m_number = nullptr;
    QLabel* m_hint = nullptr;
    QPushButton* m_accept = nullptr;
};

}  // namespace ifrit::gui::widgets
