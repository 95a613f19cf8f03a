# The shim, half of it: descriptor tables and the only code at CPL0. The other half,
# user.s, is in the same page and section and runs at CPL3.
#
# hyperlight enters the guest at CPL0, with page tables whose pages are all the
# supervisor's. The shim opens its own page and the page tables to CPL3, goes
# there, and the rest of the opening happens at CPL3. See `docs/vmm.md`.

.section .shim,"awx",@progbits
.balign 4096
shim:

# Accessed and busy bits are set, so that the processor never writes here.
gdt:
    .quad 0, 0
    .quad 0x00af9b000000ffff            # 0x10 code of CPL0
    .quad 0x00cf93000000ffff            # 0x18 data of CPL0
    .quad 0x00cffb000000ffff            # 0x20 code of CPL3, 32 bits
    .quad 0x00cff3000000ffff            # 0x28 data of CPL3
    .quad 0x00affb000000ffff            # 0x30 code of CPL3
    .quad 0
tss_descriptor:                         # 0x40
    .word tss_end - tss - 1, tss - shim
    .byte ({shim} >> 16) & 0xff, 0x8b, 0, {shim} >> 24
    .quad 0
gdt_end:
.set KERNEL_CODE, 0x10
.set USER_DATA, 0x2b
.set USER_CODE, 0x33
.set TASK, 0x40

.balign 8
    .word 0, 0, 0
gdtr:
    .word gdt_end - gdt - 1
    .quad {shim} + (gdt - shim)
.balign 8
    .word 0, 0, 0
idtr:
    .word 32 * 16 - 1
    .quad {shim} + (idt - shim)

.balign 16
tss:
    .long 0
    .quad {frame_top}, 0, 0, 0          # rsp0, rsp1, rsp2, reserved
    .quad {frame_top}, 0, 0, 0, 0, 0, 0 # the interrupt stacks 1 to 7
    .quad 0
    .word 0, io_bitmap - tss
io_bitmap:                              # a clear bit lets CPL3 write to the port
    .fill {port_halt} / 8, 1, 0xff
    .byte 0xff & ~(1 << ({port_halt} % 8)) & ~(1 << ({port_notify} % 8))
    .byte 0xff
tss_end:

.macro gate handler
    .word \handler - shim, KERNEL_CODE
    .byte 1, 0x8e
    .word {shim} >> 16
    .long 0, 0
.endm

.balign 16
idt:
    gate fault_0
    gate fault_1
    gate fault_2
    gate fault_3
    gate fault_4
    gate fault_5
    gate invalid_opcode
    gate fault_7
    gate fault_8
    gate fault_9
    gate fault_10
    gate fault_11
    gate fault_12
    gate fault_13
    gate page_fault
    gate fault_15
    gate fault_16
    gate fault_17
    gate fault_18
    gate fault_19
    gate fault_20
    gate fault_21
    .rept 10
    gate fault_31
    .endr

# Faults ---------------------------------------------------------------------
# The processor pushed ss, rsp, rflags, cs, rip and maybe an error code at
# frame_top. What follows it is the vector.

.macro without_code vector
fault_\vector:
    push 0
    push \vector
    jmp fault
.endm
.macro with_code vector
fault_\vector:
    push \vector
    jmp fault
.endm
    without_code 0
    without_code 1
    without_code 2
    without_code 3
    without_code 4
    without_code 5
    without_code 7
    with_code 8
    without_code 9
    with_code 10
    with_code 11
    with_code 12
    with_code 13
    without_code 15
    without_code 16
    with_code 17
    without_code 18
    without_code 19
    without_code 20
    with_code 21
    without_code 31

# Ports that CPL3 asks for by an undefined instruction at a known place.
invalid_opcode:
    cmp dword ptr [rsp], offset halt_here
    jne 1f
    add rsp, 40
    out {port_halt}, al
    hlt
1:  cmp dword ptr [rsp], offset abort_here
    jne 2f
    add dword ptr [rsp], 2
    out dx, eax
    iretq
2:  cmp dword ptr [rsp], offset opened_here
    jne 3f
    add dword ptr [rsp], 2
    jmp opened
3:  push 0
    push 6

fault:
    cmp byte ptr [rsp + 24], USER_CODE
    jne fault_of_shim
    push USER_DATA
    push {handler_stack}
    push 2
    push USER_CODE
    push offset report_fault
    iretq

fault_of_shim:
    # After a kill and a restore KVM may deliver the exception that it had
    # pending, at the first instruction. It belongs to nobody.
    cmp dword ptr [rsp + 16], offset dispatch
    jne 1f
    add rsp, 16
    iretq
1:  lea rsi, [rip + last_words]
    mov edx, {port_abort}
2:  mov eax, [rsi]
    out dx, eax
    add rsi, 4
    jmp 2b
last_words:                             # three bytes at a time; 0xff ends them
    .byte 3, {abort_fault}, 'f', 'a'
    .byte 3, 'u', 'l', 't'
    .byte 3, ' ', 'o', 'f'
    .byte 3, ' ', 't', 'h'
    .byte 3, 'e', ' ', 's'
    .byte 3, 'h', 'i', 'm'
    .byte 1, 0xff, 0, 0

# The handler runs at CPL3, where code runs natively on any KVM. It may fault
# itself, further down its stack.
page_fault:
    cmp byte ptr [rsp + 16], USER_CODE
    jne 1f
    push rax                            # frame_top - 56
    mov rax, cr2
    push rax                            # frame_top - 64
    push USER_DATA
    push qword ptr ds:[{handler_stack_word}]
    push 2
    push USER_CODE
    push offset handle_page_fault
    iretq
1:  push 14
    jmp fault_of_shim

# Entry ----------------------------------------------------------------------
# The page tables' upper levels are opened here: KVM emulates each instruction at
# CPL0, and a write of the emulator to a table costs no exit. The tables of the
# lowest level are opened at CPL3.

# The table that the entry in rax names.
.macro table into
    and rax, -4096
    lea \into, [rax + r11]
.endm

# Opens the shim's page and the page tables to CPL3. Leaves the addresses of the
# image's page directory in r8, of scratch's in r9, and of the table that maps the
# tables in r10; the difference between virtual and physical in r11, and the
# address of the lower page directory pointers in r12.
.macro open_tables
    movabs r11, {delta}
    mov rax, cr3
    table rcx
    or byte ptr [rcx], 4
    or byte ptr [rcx + 511 * 8], 4
    mov rdx, [rcx + 511 * 8]
    mov rax, [rcx]
    table r12
    # The image starts at the second gibibyte.
    or byte ptr [r12 + 8], 4
    mov rax, [r12 + 8]
    table r8
    or byte ptr [r8], 4
    mov rax, [r8]
    table rax
    or byte ptr [rax], 4
    # Scratch lies in the last gibibyte.
    mov rax, rdx
    table rdx
    or byte ptr [rdx + 511 * 8], 4
    mov rax, [rdx + 511 * 8]
    table r9
    or byte ptr [r9 + 511 * 8], 4
    mov rax, rcx
    shr rax, 21
    and eax, 511
    or byte ptr [r9 + rax * 8], 4
    mov rax, [r9 + rax * 8]
    table r10
    mov rax, r10
    shr rax, 12
    and eax, 511
    or byte ptr [r10 + rax * 8], 4
.endm

# The same for what a snapshot always has: the table of heap and stack, and its
# mirror, which r13 then leads to. Of scratch, only what every request needs is
# opened: the top page, the page of the rings and the first one of the first buffer;
# what is beyond them faults and is opened then. Leaves in rdi where the stack is.
.macro open_more
    or byte ptr [r8 + {hot} * 8], 4
    or byte ptr [r12 + 16], 4
    mov rax, [r12 + 16]
    table r13
    or byte ptr [r13 + {hot} * 8], 4
    mov rax, [r9 + 511 * 8]
    table rdx
    or byte ptr [rdx + 510 * 8], 4
    mov rcx, qword ptr ds:[rings_entry]
    or byte ptr [r9 + rcx], 4
    mov rax, [r9 + rcx]
    table rdx
    or byte ptr [rdx], 4                # scratch starts where a table does
    mov rcx, qword ptr ds:[buffer_entry]
    or byte ptr [r9 + rcx], 4
    mov rax, [r9 + rcx]
    table rdx
    mov rcx, qword ptr ds:[buffer_page_entry]
    or byte ptr [rdx + rcx], 4
    mov rdi, qword ptr ds:[kept_stack]
.endm

# Forgets all translations, global ones too: processors keep that a page was the
# supervisor's.
.macro flush
    mov rax, cr4
    xor rax, 0x80
    mov cr4, rax
    xor rax, 0x80
    mov cr4, rax
.endm

.macro go_to_cpl3 where
    push USER_DATA
    push {handler_stack}
    push 2
    push USER_CODE
    push offset \where
    iretq
.endm

.globl _start
_start:                                 # rdi: hyperlight's block of addresses
    open_tables
    flush
    # `ltr` wants a task that is not busy and marks it: in a copy on the stack.
    push 0
    mov rax, [rip + tss_descriptor]
    btr rax, 41
    push rax
    lea rax, [rsp - TASK]
    push rax
    sub rsp, 8
    mov word ptr [rsp + 6], TASK + 15
    lgdt [rsp + 6]
    mov eax, TASK
    ltr ax
    lgdt [rip + gdtr]
    lidt [rip + idtr]
    add rsp, 32
    go_to_cpl3 first

# Each request starts here: at CPL0 after the start and after a restore, which
# sets the zero flag, otherwise where the last one ended, at CPL3.
dispatch:
    jz 1f
    mov eax, cs
    test al, 3
    jnz resume
    go_to_cpl3 resume
1:  flush
    open_tables
    open_more
    flush
    go_to_cpl3 restored

# All tables are open: KVM looks once at what they say now, and not at each page.
opened:
    flush
    iretq
