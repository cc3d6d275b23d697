// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>
#include <QDialog>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include "gui/presenters/address_adder.h"

namespace ifrit::gui::widgets {
class FactList;
class Theme;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::pages {

/// Asks for a master's address, shows who answers there, and goes on with the CA's fingerprint.
class AddAddressDialog : public QDialog {
    Q_OBJECT
public:
    AddAddressDialog(const widgets::Theme& theme, presenters::AddressAdder& adder, QWidget* parent);
    ~AddAddressDialog() override;
    void accept() override;
    /// Of the master that was added; -1: none.
    int index() const { return m_index; }

private:
    QWidget* fileRow();
    void chooseFile();
    void take();
    void update();

    presenters::AddressAdder& m_adder;
    QLineEdit* m_address;
    QComboBox* m_kind;
    QLineEdit* m_file;
    QFormLayout* m_compare = nullptr;
    widgets::FactList* m_facts;
    QLabel* m_shown;
    QLabel* m_how;
    QLineEdit* m_fingerprint;
    QLabel* m_hint;
    QPushButton* m_forward;
    int m_index = -1;
};

}  // namespace ifrit::gui::pages
