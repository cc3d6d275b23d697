// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QList>
#include <QPair>
#include <QString>

#include "gui/models/page_parts.h"

class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QLabel;

namespace ifrit::gui::widgets {

class Theme;

using models::DangerClass;
using models::DangerFacts;

/// The one dialog for everything that changes machines. Cancel is the default button; no key starts
/// a class 3 action.
class DangerSheet : public QDialog {
    Q_OBJECT
public:
    DangerSheet(const Theme& theme, const DangerFacts& facts, QWidget* parent);
    QString reason() const;

private:
    void addReason();
    void addFacts(const DangerFacts& facts);
    void addTypedNumber(const DangerFacts& facts);
    void addButtons(const DangerFacts& facts);
    void judge();
    bool isWide() const;
    bool wantsReason() const;

    DangerFacts m_facts;
    QPlainTextEdit* m_reason = nullptr;
    QLineEdit* m_number = nullptr;
    QLabel* m_hint = nullptr;
    QPushButton* m_copy = nullptr;
    QPushButton* m_accept = nullptr;
};

}  // namespace ifrit::gui::widgets
